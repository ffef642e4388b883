import { useMemo, useSyncExternalStore, type DependencyList } from 'react';
import type { StorageError } from './port.ts';
import type { Watch } from './watch.ts';

/** What a screen knows of a watched thing. */
export type Live<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly error: StorageError };

const loading = { status: 'loading' } as const;

/**
 * Watches something on the disk for as long as the component is there.
 * @param make gives the watch; called again when a dependency changes, and the value is `loading` until then
 */
export function useLive<T>(make: () => Watch<T>, deps: DependencyList): Live<T> {
  const cell = useMemo(() => liveCell(make()), deps);
  return useSyncExternalStore(cell.subscribe, cell.get);
}

/** A watch as React wants it: the latest value at hand, and a bell. It watches while somebody listens. */
export function liveCell<T>(watch: Watch<T>) {
  let value: Live<T> = loading;
  const listeners = new Set<() => void>();
  let stop: (() => void) | undefined;
  const set = (next: Live<T>) => {
    value = next;
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => value,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      stop ??= watch.subscribe(
        (next) => set({ status: 'ready', value: next }),
        (error) => set({ status: 'failed', error }),
      );
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}
