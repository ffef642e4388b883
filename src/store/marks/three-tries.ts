import { StorageError } from '../port.ts';

/**
 * Repeats a transaction whose connection went away in the middle of it (fault 4 of the protocol). Only for
 * transactions that do no harm when the first one did reach the disk.
 */
export async function withThreeTries<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof StorageError) || error.kind !== 'closed' || attempt >= 3) throw error;
    }
  }
}
