import { onTestFinished, vi } from 'vitest';
import type { StorageError } from '#store/port.ts';
import type { Watch } from '#store/watch.ts';

export interface Collected<T> {
  readonly values: readonly T[];
  readonly errors: readonly StorageError[];
  /** Waits until the latest value is as wished, and gives it. */
  readonly until: (wish: (value: T) => boolean) => Promise<T>;
  readonly stop: () => void;
}

/** Watches until the test is over, and keeps what it was told. */
export function collect<T>(watch: Watch<T>): Collected<T> {
  const values: T[] = [];
  const errors: StorageError[] = [];
  const stop = watch.subscribe(
    (value) => values.push(value),
    (error) => errors.push(error),
  );
  onTestFinished(stop);
  return {
    values,
    errors,
    stop,
    until: (wish) =>
      vi.waitFor(() => {
        const latest = values.at(-1);
        if (values.length === 0 || !wish(latest as T)) throw new Error(`not yet: ${JSON.stringify(latest)}`);
        return latest as T;
      }),
  };
}
