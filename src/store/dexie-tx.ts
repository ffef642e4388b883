import type { Collection, Table, Transaction } from 'dexie';
import type { MarkId, ResultId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { bundleOf, bundleRow, type Pile } from './bundles.ts';
import { keysBy, putRows } from './mark-requests.ts';
import type { MarksView } from './marks-view.ts';
import { StorageError, TakenError, type SyncTx } from './port.ts';
import type { Batch, BatchState } from './records.ts';
import { asAttempt, asBatch, asLane, asMeta, readable } from './rows.ts';
import type { AnyRow, SyncTableName } from './schema.ts';
import { isConstraint } from './storage-errors.ts';

/** The last entries of `log` that are kept. */
const logLength = 2_000;
const metaKey = 'meta';
const openBatchStates: readonly BatchState[] = ['formed', 'armed', 'unknown'];

/**
 * Marks that change together are written as one row from this many on, and up to what a batch holds. It pays from a
 * few on; so low, the batches of any lesson take this way, and those of the torture.
 */
export const bundleLeast = 4;
const bundleMost = 100;

export interface DexieTxPorts {
  readonly view: MarksView;
  /** Hears of each mark as it is written; it counts only once the transaction has completed. */
  readonly wrote: (mark: Mark) => void;
  /** From how many marks on a bundle is made of them. */
  readonly bundleFrom: number;
}

/**
 * The sync tables as one transaction sees them. They are bound to the transaction: a table of the database's would do
 * its work outside of it, because there is no zone of Dexie's here (`transact.ts`).
 */
export function createDexieTx(transaction: Transaction, ports: DexieTxPorts): SyncTx {
  const rows = (name: SyncTableName) => transaction.table(name) as Table<AnyRow, string | number>;
  const put = async (table: SyncTableName, row: object) => {
    await rows(table).put(plain(row));
  };
  return {
    marks: marksOf(transaction, ports),
    batches: batchesOf(rows('batches')),
    attempts: {
      get: async (id) => asAttempt(await rows('attempts').get(id)),
      put: (attempt) => put('attempts', attempt),
      armed: async () => readable(await rows('attempts').where('phase').equals('armed').toArray(), asAttempt),
      ofBatch: async (id) =>
        readable(await rows('attempts').where('batchId').equals(id).toArray(), asAttempt),
    },
    lanes: {
      get: async (id) => asLane(await rows('lanes').get(id)),
      put: (lane) => put('lanes', lane),
      all: async () => readable(await rows('lanes').toArray(), asLane),
    },
    meta: {
      get: async () => {
        const meta = asMeta(await rows('meta').get(metaKey));
        if (meta === undefined)
          throw new StorageError('other', new Error('the meta row is missing or damaged'));
        return meta;
      },
      put: (meta) => put('meta', { ...meta, key: metaKey }),
    },
    log: {
      add: async (entry) => {
        const n = await rows('log').add(plain(entry));
        if (typeof n === 'number' && n > logLength) await rows('log').delete(n - logLength);
      },
    },
  };
}

function marksOf(transaction: Transaction, { view, wrote, bundleFrom }: DexieTxPorts): SyncTx['marks'] {
  const table = transaction.table<AnyRow, number>('marks');
  const putMany = async (marks: readonly Mark[]) => {
    const pile = await view.pile();
    const together = marks.length >= bundleFrom && marks.length <= bundleMost;
    const isBundled = (mark: Mark) => together || pile.find(mark.seq) !== undefined;
    const apart = pile.bundles.length === 0 && !together;
    const taken = apart ? new Set<number>() : await takenRows(transaction, marks, pile);
    const free = marks.filter((mark) => !taken.has(mark.seq));
    await addBundle(transaction, view, free.filter(isBundled));
    const filed = free.filter((mark) => !isBundled(mark));
    const refused = await putRows(transaction.idbtrans.objectStore('marks'), filed);
    filed.forEach((mark, n) => {
      if (!refused.has(n)) view.wroteRow(mark);
      else taken.add(mark.seq);
    });
    for (const mark of marks) if (!taken.has(mark.seq)) wrote(mark);
    if (taken.size > 0) throw new TakenError('rowId');
  };
  return {
    add: async (mark) => {
      try {
        const seq = await table.add(plain(mark));
        wrote({ ...mark, seq });
        return seq;
      } catch (error) {
        throw isConstraint(error) ? await takenBy(table, mark) : error;
      }
    },
    get: async (seq) => (await view.getMany([seq]))[0],
    getMany: (seqs) => view.getMany(seqs),
    byId: (id: MarkId) => view.by('id', id),
    byU: (u) => view.by('u', u),
    byRowId: (rowId: ResultId) => view.by('rowId', rowId),
    byState: (state, limit) => view.select({ state, ...atMost(limit) }),
    latestByState: (state, limit) => view.select({ state, limit, newestFirst: true }),
    byLaneAndState: (lane, state, limit) => view.select({ lane, state, ...atMost(limit) }),
    countByState: (state) => view.count(state),
    lanesByState: (state) => view.lanes(state),
    put: (mark) => putMany([mark]),
    putMany,
  };
}

const atMost = (limit: number | undefined) => (limit === undefined ? {} : { limit });

/** One row for all of them, in place of those that it covers. */
async function addBundle(transaction: Transaction, view: MarksView, marks: readonly Mark[]): Promise<void> {
  if (marks.length === 0) return;
  const states = await view.filedStates(marks.map((mark) => mark.seq));
  const filed = states.map((state) => {
    if (state === undefined) throw new Error('put of a mark that was never added');
    return state;
  });
  const table = transaction.table<object, number>('bundles');
  const n = await table.add(bundleRow(marks, filed));
  const { pile, covered } = (await view.pile()).with(bundleOf(n, marks, filed));
  if (covered.length > 0) await table.bulkDelete([...covered]);
  view.wroteBundle(pile);
}

/** `seq` of the marks whose row confirms another mark. */
async function takenRows(transaction: Transaction, marks: readonly Mark[], pile: Pile): Promise<Set<number>> {
  const taken = new Set<number>();
  const owners = new Map<ResultId, number>();
  for (const { rowId, seq } of marks) {
    if (rowId === undefined) continue;
    const owner = owners.get(rowId) ?? pile.confirmedBy(rowId) ?? seq;
    if (owner !== seq) taken.add(seq);
    owners.set(rowId, owner);
  }
  const filed = await filedRowIds(transaction, [...owners.keys()]);
  for (const { rowId, seq } of marks) {
    if (rowId !== undefined && (filed.get(rowId) ?? seq) !== seq) taken.add(seq);
  }
  return taken;
}

/**
 * Which rows of `marks` are confirmed by these: nearly always none, and that takes one request. Rows that were made
 * together have ids that stand together, as numbers do: in an index of texts only among those of one length.
 */
async function filedRowIds(
  transaction: Transaction,
  rowIds: readonly ResultId[],
): Promise<ReadonlyMap<string, IDBValidKey>> {
  const table = transaction.table<AnyRow, number>('marks');
  const lengths = [...new Set(rowIds.map((rowId) => rowId.length))];
  const found = lengths.map(async (length) => {
    const sorted = rowIds.filter((rowId) => rowId.length === length).sort();
    const near = await table.where('rowId').between(sorted[0], sorted.at(-1), true, true).count();
    return near === 0 ? [] : keysBy(transaction.idbtrans.objectStore('marks').index('rowId'), sorted);
  });
  return new Map((await Promise.all(found)).flatMap((keys) => [...keys]));
}

/** IndexedDB does not say which index refused; browsers put it into words only. */
async function takenBy(table: Table<AnyRow>, mark: Omit<Mark, 'seq'>): Promise<TakenError> {
  if ((await table.where('id').equals(mark.id).count()) > 0) return new TakenError('id');
  if ((await table.where('u').equals(mark.u).count()) > 0) return new TakenError('u');
  return new TakenError('rowId');
}

function batchesOf(table: Table<AnyRow>): SyncTx['batches'] {
  return {
    get: async (id) => asBatch(await table.get(id)),
    put: async (batch) => {
      await table.put(plain(batch));
    },
    open: () => inAny((state) => table.where('state').equals(state)),
    openInLane: (lane) => inAny((state) => table.where('[lane+state]').equals([lane, state])),
  };
}

/** A query a state, all at once: one over all of them would go from row to row. */
async function inAny(query: (state: BatchState) => Collection<AnyRow, unknown>): Promise<Batch[]> {
  const found = await Promise.all(openBatchStates.map((state) => query(state).toArray()));
  const batches = readable(found.flat(), asBatch);
  return batches.sort((a, b) => (a.marks[0] ?? 0) - (b.marks[0] ?? 0));
}

function plain(row: object): AnyRow {
  return row as AnyRow;
}
