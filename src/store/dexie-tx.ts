import type { Transaction } from 'dexie';
import type { MarkId, ResultId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { bundleOf, bundleRow, type Pile } from './bundles.ts';
import { answerOf, keysBy, putRows } from './requests.ts';
import type { MarksView } from './marks-view.ts';
import { StorageError, TakenError, type SyncTx } from './port.ts';
import type { BatchState } from './records.ts';
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
 * The sync tables as one transaction sees them. Its own requests read them, and write marks; the other tables are written
 * by Dexie, which tells the screens that watch them. Those are bound to the transaction: a table of the database's
 * would do its work outside of it, because there is no zone of Dexie's here (`transact.ts`).
 */
export function createDexieTx(transaction: Transaction, ports: DexieTxPorts): SyncTx {
  const store = (name: SyncTableName) => transaction.idbtrans.objectStore(name);
  const get = async (name: SyncTableName, key: string) =>
    (await answerOf(store(name).get(key))) as AnyRow | undefined;
  const all = async (source: IDBObjectStore | IDBIndex, key?: IDBValidKey) =>
    (await answerOf(source.getAll(key))) as AnyRow[];
  const put = async (name: SyncTableName, row: object) => {
    await transaction.table(name).put(row);
  };
  const openBatches = async (index: string, key: (state: BatchState) => IDBValidKey) => {
    const found = await Promise.all(
      openBatchStates.map((state) => all(store('batches').index(index), key(state))),
    );
    const batches = readable(found.flat(), asBatch);
    return batches.sort((a, b) => (a.marks[0] ?? 0) - (b.marks[0] ?? 0));
  };
  return {
    marks: marksOf(transaction, ports),
    batches: {
      get: async (id) => asBatch(await get('batches', id)),
      put: (batch) => put('batches', batch),
      open: () => openBatches('state', (state) => state),
      openInLane: (lane) => openBatches('[lane+state]', (state) => [lane, state]),
    },
    attempts: {
      get: async (id) => asAttempt(await get('attempts', id)),
      put: (attempt) => put('attempts', attempt),
      armed: async () => readable(await all(store('attempts').index('phase'), 'armed'), asAttempt),
      ofBatch: async (id) => readable(await all(store('attempts').index('batchId'), id), asAttempt),
    },
    lanes: {
      get: async (id) => asLane(await get('lanes', id)),
      put: (lane) => put('lanes', lane),
      all: async () => readable(await all(store('lanes')), asLane),
    },
    meta: {
      get: async () => {
        const meta = asMeta(await get('meta', metaKey));
        if (meta === undefined)
          throw new StorageError('other', new Error('the meta row is missing or damaged'));
        return meta;
      },
      put: (meta) => put('meta', { ...meta, key: metaKey }),
    },
    log: {
      add: async (entry) => {
        const log = transaction.table<object, number>('log');
        const n = await log.add(entry);
        if (n > logLength) await log.delete(n - logLength);
      },
    },
  };
}

function marksOf(transaction: Transaction, { view, wrote, bundleFrom }: DexieTxPorts): SyncTx['marks'] {
  const store = transaction.idbtrans.objectStore('marks');
  const putMany = async (marks: readonly Mark[]) => {
    const pile = await view.pile();
    const together = marks.length >= bundleFrom && marks.length <= bundleMost;
    const isBundled = (mark: Mark) => together || pile.find(mark.seq) !== undefined;
    const apart = pile.bundles.length === 0 && !together;
    const taken = apart ? new Set<number>() : await takenRows(transaction, marks, pile);
    const free = marks.filter((mark) => !taken.has(mark.seq));
    await addBundle(transaction, view, free.filter(isBundled));
    const filed = free.filter((mark) => !isBundled(mark));
    const refused = await putRows(store, filed);
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
        const seq = Number(await answerOf(store.add(mark)));
        wrote({ ...mark, seq });
        return seq;
      } catch (error) {
        throw isConstraint(error) ? await takenBy(store, mark) : error;
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
  const bundles = transaction.idbtrans.objectStore('bundles');
  const pile = await view.pile();
  const n = await answerOf(bundles.add(bundleRow(marks, filed)));
  const after = pile.with(bundleOf(Number(n), marks, filed));
  // Nobody waits for it but the transaction's end.
  for (const covered of after.covered) bundles.delete(covered);
  view.wroteBundle(after.pile);
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
  const index = transaction.idbtrans.objectStore('marks').index('rowId');
  const lengths = [...new Set(rowIds.map((rowId) => rowId.length))];
  const found = lengths.map(async (length) => {
    const sorted = rowIds.filter((rowId) => rowId.length === length).sort();
    const near = await answerOf(index.count(IDBKeyRange.bound(sorted[0], sorted.at(-1))));
    return near === 0 ? [] : keysBy(index, sorted);
  });
  return new Map((await Promise.all(found)).flatMap((keys) => [...keys]));
}

/** IndexedDB does not say which index refused; browsers put it into words only. */
async function takenBy(store: IDBObjectStore, mark: Omit<Mark, 'seq'>): Promise<TakenError> {
  if ((await answerOf(store.index('id').count(mark.id))) > 0) return new TakenError('id');
  if ((await answerOf(store.index('u').count(mark.u))) > 0) return new TakenError('u');
  return new TakenError('rowId');
}
