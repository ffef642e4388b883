import type { Clock } from '#lib/clock.ts';

/** A sleep that can be cut short, also just before it begins. */
export interface Rest {
  rest(ms: number): Promise<void>;
  wake(): void;
}

export function createRest(clock: Clock): Rest {
  let waker: AbortController | undefined;
  let woken = false;
  return {
    async rest(ms) {
      if (!woken) {
        waker = new AbortController();
        await clock.sleep(ms, waker.signal);
        waker = undefined;
      }
      woken = false;
    },
    wake() {
      woken = true;
      // With a reason of its own, because making the default one, with its stack, is slow.
      waker?.abort('woken');
    },
  };
}
