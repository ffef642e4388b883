/** A value that can be read and watched; made for `useSyncExternalStore`. */
export interface Readable<T> {
  get: () => T;
  subscribe: (listener: () => void) => () => void;
}

export interface Subject<T> extends Readable<T> {
  set: (value: T) => void;
}

/** A value that tells its listeners when it is replaced. */
export function subject<T>(initial: T): Subject<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
