import type { Explain } from './live-watch.ts';
import type { MarkFeed } from './mark-feed.ts';
import type { Watch } from './watch.ts';

/** Watches what a reading of marks finds: read again after commits, once for all that came while it was reading. */
export function rereadWatch<T>(feed: MarkFeed, read: () => Promise<T>, explain: Explain): Watch<T> {
  return {
    subscribe: (next, failed) => {
      const state = { ended: false, running: false, again: false };

      async function readOnce() {
        try {
          const value = await read();
          if (!state.ended) next(value);
        } catch (error) {
          if (!state.ended) failed?.(explain(error));
        }
      }

      async function readAgain() {
        state.again = true;
        if (state.running) return;
        state.running = true;
        while (state.again && !state.ended) {
          state.again = false;
          await readOnce();
        }
        state.running = false;
      }

      const unsubscribe = feed.subscribe(() => void readAgain());
      void readAgain();
      return () => {
        state.ended = true;
        unsubscribe();
      };
    },
  };
}
