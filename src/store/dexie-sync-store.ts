import type { Transaction } from 'dexie';
import type { Mark } from '#domain/mark.ts';
import { bundleLeast, createDexieTx } from './dexie-tx.ts';
import { MarksView } from './marks-view.ts';
import { TakenError, type StorageError, type SyncStore, type SyncTx } from './port.ts';
import { shortestAdd } from './shortest-add.ts';
import { syncTables, type AccountDatabase } from './schema.ts';
import { isConstraint, isDatabaseError, toStorageError } from './storage-errors.ts';
import { transact } from './transact.ts';

/** Tries to begin a transaction on a connection that the browser took away, as Safari does after sleep. */
const tries = 2;

export interface DexieSyncStoreOptions {
  /** Hears of every transaction of this page that wrote marks, once it has completed. */
  committed?(marks: readonly Mark[]): void;
  /** Hears that there are marks to be filed, and how many bundles of them. */
  bundled?(count: number): void;
  /** From how many marks that change together on a bundle is made of them. */
  readonly bundleFrom?: number;
  /** Why the store may not be used any more; undefined while it may. */
  refusal?(): StorageError | undefined;
}

/**
 * The SyncStore of an open account database: each call is one transaction of its own with strict durability,
 * and settles when its `complete` event has fired. A connection that was lost is opened again once, as
 * long as the work of the transaction has not begun: after that nobody knows what was kept, and the
 * caller decides (all transitions check their guards anew).
 * @throws StorageError when the database fails; whatever `work` throws comes out unchanged
 */
export function createDexieSyncStore(db: AccountDatabase, options: DexieSyncStoreOptions = {}): SyncStore {
  const { bundleFrom = bundleLeast } = options;

  function keepBundles(view: MarksView | undefined) {
    if (view?.left === undefined) return;
    db.shelf.keep(view.left);
    options.bundled?.(view.left.bundles.length);
  }

  async function run<T>(mode: 'rw!' | 'r!', work: (tx: SyncTx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const refused = options.refusal?.();
      if (refused !== undefined) throw refused;
      const progress = { begun: false };
      const marks: Mark[] = [];
      let view: MarksView | undefined;
      try {
        const begin = (transaction: Transaction) => {
          progress.begun = true;
          view = new MarksView(transaction, db.shelf);
          return work(createDexieTx(transaction, { view, wrote: (mark) => marks.push(mark), bundleFrom }));
        };
        const result = await db.connection.during(transact(db, mode, { tables: syncTables, work: begin }));
        keepBundles(view);
        if (marks.length > 0) options.committed?.(marks);
        return result;
      } catch (error) {
        if (!isDatabaseError(error)) throw error;
        const failure = options.refusal?.() ?? toStorageError(error, 'work');
        if (failure.kind !== 'closed' || progress.begun || attempt >= tries) throw failure;
        await reopen(db);
      }
    }
  }
  const write: SyncStore['write'] = (work) => run('rw!', work);
  return {
    write,
    read: (work) => run('r!', work),
    add: async (mark) => {
      const refused = options.refusal?.();
      if (refused !== undefined) throw refused;
      let seq: number | undefined;
      try {
        seq = await db.connection.during(shortestAdd(db, mark));
      } catch (error) {
        if (isConstraint(error)) throw new TakenError('u');
        throw options.refusal?.() ?? toStorageError(error, 'work');
      }
      if (seq === undefined) return write((tx) => tx.marks.add(mark));
      options.committed?.([{ ...mark, seq }]);
      return seq;
    },
  };
}

/** Whatever it says, the next try of a transaction finds out. */
async function reopen(db: AccountDatabase): Promise<void> {
  try {
    db.close({ disableAutoOpen: false });
    await db.open();
  } catch {
    // The transaction that follows fails with the reason.
  }
}
