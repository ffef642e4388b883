import { Dexie, type DexieOptions, type Table, type Transaction } from 'dexie';
import { createBundleShelf } from './bundles.ts';
import { followConnection } from './connection.ts';

/*
 * One IndexedDB database per account (sync protocol §5). Every index is paid for by every tap, so `marks` has
 * only those that the protocol asks for by name: the identities, and what a state and a lane hold.
 */

/** Bumped with every change of `schemaVersions`; written to `meta`. */
export const schemaVersion = 4;

export interface SchemaVersion {
  readonly version: number;
  /** Tables new or changed in this version, in Dexie's notation; null removes one. */
  readonly tables: Readonly<Record<string, string | null>>;
  /** Brings the rows forward. It may read and write through the transaction, and must keep every mark. */
  readonly upgrade?: (transaction: Transaction) => PromiseLike<unknown>;
}

/** Every version there ever was, oldest first: a device may come back after months with the first one. */
export const schemaVersions: readonly SchemaVersion[] = [
  {
    version: 1,
    tables: {
      marks: '++seq, &id, &u, &rowId, state, [lane+state]',
      batches: 'id, state, [lane+state]',
      attempts: 'id, phase, batchId',
      lanes: 'id',
      meta: 'key',
      log: '++n',
      courses: 'id',
      classes: 'course',
      outcomes: 'course',
      assessments: 'lane, course',
      prefs: '[scope+name]',
    },
  },
  {
    version: 2,
    // What other teachers marked, for the student card.
    tables: { othersRows: '[lane+student], at' },
  },
  {
    version: 3,
    // Marks of a batch, until they are filed into `marks`.
    tables: { bundles: '++n' },
  },
  {
    version: 4,
    // The marks of a bundle are one text.
    tables: {},
    upgrade: (transaction) =>
      transaction
        .table<{ marks: unknown }>('bundles')
        .toCollection()
        .modify((bundle) => {
          bundle.marks = JSON.stringify(bundle.marks);
        }),
  },
];

/** The tables a transaction of the protocol may touch; all of them, so that it never has to say which. */
export const syncTables = ['marks', 'bundles', 'batches', 'attempts', 'lanes', 'meta', 'log'] as const;
export type SyncTableName = (typeof syncTables)[number];
export type ClassroomTableName = 'courses' | 'classes' | 'outcomes' | 'assessments' | 'prefs' | 'othersRows';

/** Rows as they come from the disk: whatever is there, until `rows.ts` has looked at it. */
export type AnyRow = Readonly<Record<string, unknown>>;

// On localhost Dexie would keep a stack for every promise, and print every error that we deal with.
Dexie.debug = false;

export class AccountDatabase extends Dexie {
  readonly connection = followConnection(this);
  readonly shelf = createBundleShelf();

  constructor(name: string, options: DexieOptions, versions: readonly SchemaVersion[] = schemaVersions) {
    // Strict: `complete` fires when the marks are on the disk, not in a buffer. Without the cache, because it
    // would show what is not committed yet.
    super(name, { ...options, chromeTransactionDurability: 'strict', cache: 'disabled' });
    for (const { version, tables, upgrade } of versions) {
      const declared = this.version(version).stores(tables);
      if (upgrade !== undefined) declared.upgrade(upgrade);
    }
  }

  rows(table: SyncTableName | ClassroomTableName): Table<AnyRow, string | number> {
    return this.table(table);
  }
}

/** The database that holds what an account left on this device. */
export function databaseName(account: string): string {
  return `tapmark:${account}`;
}
