import { gatewayAnswer, refusal } from './answers.ts';
import type { PictureAddresses } from './picture-addresses.ts';
import type { NoPicture, PictureFetch } from './picture-fetch.ts';
import type { Session } from './sessions.ts';

/** Canvas gives a picture that was changed another address. */
const keepS = 7 * 86_400;

/** Serves pictures under the names of `picture-addresses.ts`, to whoever is signed in. */
export function createPictureEndpoint(deps: {
  readonly addresses: PictureAddresses | undefined;
  readonly fetch: PictureFetch['fetch'] | undefined;
  /** Hears how each went. */
  readonly ended: (how: 'picture' | NoPicture) => void;
}): (name: string, session: () => Promise<Session | undefined>) => Promise<Response> {
  const { addresses, fetch } = deps;
  return async (name, session) => {
    const url = addresses?.open(name);
    if (url === undefined || fetch === undefined) return refusal('not-allowed');
    if ((await session()) === undefined) return refusal('sign-in');
    const end = await fetch(url);
    deps.ended(end.kind === 'picture' ? 'picture' : end.why);
    if (end.kind === 'none') return gatewayAnswer({ status: 'no-picture', why: end.why }, 404);
    return new Response(new Uint8Array(end.body), {
      headers: {
        'content-type': end.type,
        'cache-control': `private, max-age=${keepS}, immutable`,
        // Opened by itself it is a picture and nothing else, whatever is in it.
        'content-security-policy': "default-src 'none'; sandbox",
      },
    });
  };
}
