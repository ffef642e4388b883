import type { Clock } from '#lib/clock.ts';

/** A clock that stands still until it is told to go on. Both its times move together unless the wall is set. */
export interface ManualClock extends Clock {
  /** Lets time pass, waking sleepers in order of their time; each gets to act before the next wakes. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock, as a person or a time server does; nobody wakes. */
  setWall(ms: number): void;
  readonly sleepers: number;
}

export function createManualClock(startMs = Date.UTC(2026, 10, 23, 8)): ManualClock {
  let monotonic = 0;
  let wallOffset = startMs;
  const waiting = new Set<{ readonly at: number; readonly wake: () => void }>();

  const earliest = (until: number) =>
    [...waiting].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];

  return {
    wallMs: () => wallOffset + monotonic,
    monotonicMs: () => monotonic,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const sleeper = { at: monotonic + ms, wake };
        function wake() {
          waiting.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        }
        waiting.add(sleeper);
        signal?.addEventListener('abort', wake);
      }),
    async advance(ms) {
      const until = monotonic + ms;
      await settle();
      for (let next = earliest(until); next !== undefined; next = earliest(until)) {
        monotonic = Math.max(monotonic, next.at);
        next.wake();
        await settle();
      }
      monotonic = until;
      await settle();
    },
    setWall: (ms) => (wallOffset = ms - monotonic),
    get sleepers() {
      return waiting.size;
    },
  };
}

/** Lets everything that is ready run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
