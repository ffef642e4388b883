import type { Clock } from '#lib/clock.ts';
import { createRateLimit, type Allowance } from './rate-limit.ts';
import type { StoredAllowance } from './stored-allowance.ts';

/** One browser: a person who tries again now and then. */
const perBrowser: Allowance = { burst: 20, perMinute: 10 };
/** One address: a whole school may stand behind it, all signing in when the first lesson begins. */
const perAddress: Allowance = { burst: 600, perMinute: 300 };

export interface SignInLimits {
  /** @returns the refusal, or undefined for who may go on */
  refuse(address: string, browser: string | undefined): Promise<Response | undefined>;
}

/**
 * How often one browser, and one address, may begin or end a sign-in, over all instances. Whoever has used up what one
 * instance allows is refused from memory: a flood does not reach the database.
 */
export function createSignInLimits(deps: {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly shared: Pick<StoredAllowance, 'take'>;
  readonly seal: (text: string) => string;
  readonly refused: (by: 'browser' | 'address') => void;
}): SignInLimits {
  const { clock, shared } = deps;
  const limitOf = (kind: string, allowance: Allowance) => {
    const here = createRateLimit(clock, allowance);
    return async (who: string) => {
      const waitS = here.take(who);
      // Sealed: the database need not know addresses.
      return waitS > 0 ? waitS : shared.take(deps.seal(`sign-in\n${kind}\n${who}`), allowance);
    };
  };
  const browsers = limitOf('browser', perBrowser);
  const addresses = limitOf('address', perAddress);
  return {
    async refuse(address, browser) {
      const byAddress = await addresses(address);
      const byBrowser = byAddress > 0 || browser === undefined ? 0 : await browsers(browser);
      const waitS = Math.max(byAddress, byBrowser);
      if (waitS === 0) return undefined;
      deps.refused(byAddress > 0 ? 'address' : 'browser');
      return new Response(page, {
        status: 429,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'retry-after': String(waitS),
        },
      });
    },
  };
}

/** A person's browser went here, so a person reads it; the app has no part in it. */
const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Too many sign-ins</title>
<h1>Too many sign-ins at once</h1>
<p>Wait a minute, then try again. Nothing on this device is lost.</p>
<p><a href="/sign-in">Back to Tapmark</a></p>
</html>
`;
