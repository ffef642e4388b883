import type { StorageError } from './port.ts';

/**
 * Something on the disk that changes. The first value comes soon after subscribing, never inside the call, and
 * then one after every change, also by other tabs. A failure of the store is told as such; it never looks
 * like an empty list.
 */
export interface Watch<T> {
  /** @returns ends it; nothing is told afterwards */
  readonly subscribe: (next: (value: T) => void, failed?: (error: StorageError) => void) => () => void;
}

export interface WatchSource<T> {
  readonly watch: Watch<T>;
  readonly set: (value: T) => void;
  readonly fail: (error: StorageError) => void;
}

/** A watch whose owner says what it is. Who subscribes late gets the latest. */
export function watchSource<T>(): WatchSource<T> {
  type Listener = { next: (value: T) => void; failed: ((error: StorageError) => void) | undefined };
  const listeners = new Set<Listener>();
  let latest: { value: T } | { error: StorageError } | undefined;

  function tell(listener: Listener) {
    if (latest === undefined || !listeners.has(listener)) return;
    if ('value' in latest) listener.next(latest.value);
    else listener.failed?.(latest.error);
  }

  function publish(news: { value: T } | { error: StorageError }) {
    latest = news;
    for (const listener of [...listeners]) tell(listener);
  }

  return {
    watch: {
      subscribe: (next, failed) => {
        const listener = { next, failed };
        listeners.add(listener);
        const before = latest;
        if (before !== undefined) {
          queueMicrotask(() => {
            if (latest === before) tell(listener);
          });
        }
        return () => listeners.delete(listener);
      },
    },
    set: (value) => publish({ value }),
    fail: (error) => publish({ error }),
  };
}
