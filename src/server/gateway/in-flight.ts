/** Counts what has begun and not ended, so that a stop can wait for it: browsers may be long gone. */
export interface InFlight {
  /** Passes the promise through. */
  track<T>(work: Promise<T>): Promise<T>;
  /** How many are under way. */
  count(): number;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export function createInFlight(): InFlight {
  const running = new Set<Promise<unknown>>();
  return {
    track(work) {
      running.add(work);
      const done = () => running.delete(work);
      work.then(done, done);
      return work;
    },
    count: () => running.size,
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
