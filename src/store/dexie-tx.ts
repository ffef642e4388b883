import type { Collection, Table, Transaction } from 'dexie';
import type { LaneId, MarkId, ResultId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { getRows, putRows } from './mark-requests.ts';
import { StorageError, TakenError, type SyncTx } from './port.ts';
import type { Batch, BatchState } from './records.ts';
import { asAttempt, asBatch, asLane, asMark, asMeta, readable } from './rows.ts';
import type { AnyRow, SyncTableName } from './schema.ts';
import { isConstraint } from './storage-errors.ts';

/** The last entries of `log` that are kept. */
const logLength = 2_000;
const metaKey = 'meta';
const openBatchStates: readonly BatchState[] = ['formed', 'armed', 'unknown'];

/**
 * The sync tables as one transaction sees them. Its tables are bound to the transaction: Dexie's own way of
 * knowing the current one gets lost after a hundred native awaits in a row, and a write would then quietly
 * happen outside.
 * @param wrote hears of each mark as it is written; it counts only once the transaction has completed
 */
export function createDexieTx(transaction: Transaction, wrote: (mark: Mark) => void): SyncTx {
  const rows = (name: SyncTableName) => transaction.table(name) as Table<AnyRow, string | number>;
  const put = async (table: SyncTableName, row: object) => {
    await rows(table).put(plain(row));
  };
  return {
    marks: marksOf(rows('marks'), () => transaction.idbtrans.objectStore('marks'), wrote),
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

function marksOf(
  table: Table<AnyRow>,
  store: () => IDBObjectStore,
  wrote: (mark: Mark) => void,
): SyncTx['marks'] {
  const one = async (index: 'id' | 'u' | 'rowId', value: string) =>
    asMark(await table.get({ [index]: value }));
  return {
    add: async (mark) => {
      try {
        const seq = Number(await table.add(plain(mark)));
        wrote({ ...mark, seq });
        return seq;
      } catch (error) {
        throw isConstraint(error) ? await takenBy(table, mark) : error;
      }
    },
    get: async (seq) => asMark(await table.get(seq)),
    getMany: async (seqs) => {
      return readable((await getRows(store(), seqs)) as AnyRow[], asMark);
    },
    byId: (id: MarkId) => one('id', id),
    byU: (u) => one('u', u),
    byRowId: (rowId: ResultId) => one('rowId', rowId),
    byState: (state, limit) => query(table, { state }, limit),
    latestByState: async (state, limit) =>
      readable(await table.where('state').equals(state).reverse().limit(limit).toArray(), asMark),
    byLaneAndState: (lane, state, limit) => query(table, { lane, state }, limit),
    countByState: (state) => table.where('state').equals(state).count(),
    lanesByState: async (state) => {
      // Distinct keys of the index: one step a lane and state, however many marks there are.
      const keys = await table.orderBy('[lane+state]').uniqueKeys();
      return keys.flatMap((key) => {
        const [lane, found] = key as unknown as [LaneId, Mark['state']];
        return found === state ? [lane] : [];
      });
    },
    put: (mark) => putMark(table, mark, wrote),
    putMany: async (marks) => {
      const refused = await putRows(store(), marks);
      marks.forEach((mark, n) => {
        if (!refused.has(n)) wrote(mark);
      });
      if (refused.size > 0) throw new TakenError('rowId');
    },
  };
}

/** Both indexes end in the primary key, so their own order is that of `seq`. */
async function query(
  table: Table<AnyRow>,
  wanted: { lane?: LaneId; state: Mark['state'] },
  limit = Infinity,
) {
  const found =
    wanted.lane === undefined
      ? table.where('state').equals(wanted.state)
      : table.where('[lane+state]').equals([wanted.lane, wanted.state]);
  return readable(await (limit === Infinity ? found : found.limit(limit)).toArray(), asMark);
}

async function putMark(table: Table<AnyRow>, mark: Mark, wrote: (mark: Mark) => void): Promise<void> {
  try {
    await table.put(plain(mark));
    wrote(mark);
  } catch (error) {
    throw isConstraint(error) ? new TakenError('rowId') : error;
  }
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
