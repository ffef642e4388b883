import { useSyncExternalStore } from 'react';
import type { Readable } from './subject.ts';

/** The present value of a `Readable`, drawn again when it is replaced. */
export function useReadable<T>(readable: Readable<T>): T {
  return useSyncExternalStore(readable.subscribe, readable.get);
}
