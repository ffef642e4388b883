import { Dexie, type Transaction } from 'dexie';
import type { AccountDatabase, SyncTableName } from './schema.ts';

/**
 * One transaction, which `work` does through it: by its bound tables, and by its `idbtrans`. It settles when the
 * transaction has completed.
 *
 * The work runs outside of Dexie's zone. Inside, Dexie follows the current transaction through native awaits by a
 * hundred echoes for each that may be under way, two tasks each: tens of milliseconds a transaction on a slow tablet.
 * @throws what the database says, or `work`; nothing was kept
 */
export function transact<T>(
  db: AccountDatabase,
  mode: 'r!' | 'rw!',
  { tables, work }: { tables: readonly SyncTableName[]; work: (transaction: Transaction) => Promise<T> },
): Promise<T> {
  const transacted = db.transaction(mode, [...tables], (transaction) =>
    Dexie.ignoreTransaction(() => work(transaction)),
  );
  return Promise.resolve(transacted);
}
