/** Time, as a parameter: the one place that reads it is `systemClock`, so tests and the simulator hand in theirs. */
export interface Clock {
  /** Device time, ms since 1970. May jump. */
  wallMs(): number;
  /** Never goes back; may stand still while the device sleeps. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      // A longer delay would overflow and fire at once.
      const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
      signal?.addEventListener('abort', done);
    }),
};
