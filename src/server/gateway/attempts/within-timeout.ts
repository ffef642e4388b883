import type { Clock } from '#lib/clock.ts';

/**
 * Runs `work` for at most `limitMs`; after that its signal is aborted and `late` speaks, whether `work` heeds it or
 * not. Whatever `work` does later goes unheard.
 */
export async function withinTimeout<T>(task: {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly work: (signal: AbortSignal) => Promise<T>;
  readonly late: () => T;
}): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  const lapse = async (): Promise<T> => {
    await task.clock.sleep(task.limitMs, done.signal);
    limit.abort();
    return task.late();
  };
  const work = task.work(limit.signal);
  try {
    return await Promise.race([work, lapse()]);
  } finally {
    done.abort();
    work.catch(() => undefined);
  }
}
