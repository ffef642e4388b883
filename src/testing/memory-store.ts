import { StorageError, TakenError, type SyncStore, type SyncTx } from '#store/port.ts';
import type { LaneId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import type { MemoryDisk } from './memory-disk.ts';

/**
 * What becomes of a transaction whose work is done.
 * - `commit`: it is kept, and the tab hears of it.
 * - `fail`: nothing is kept; the tab gets a StorageError.
 * - `crash-before`: nothing is kept; the tab is dead.
 * - `crash-after`: it is kept; the tab died before it heard of it.
 */
export type Fate = 'commit' | 'fail' | 'crash-before' | 'crash-after';

export interface MemoryHooks {
  /** Before a transaction queues for the disk. What it returns is awaited: a simulator schedules here. */
  begin?(mode: 'write' | 'read'): Promise<void> | undefined;
  /** When the work of a write is done, before anything is kept. */
  fate?(): Fate;
  /** After the commit, before the tab hears of it. A tab killed meanwhile never hears. */
  complete?(mode: 'write' | 'read'): Promise<void> | undefined;
  /** For `fail`. */
  failure?(): StorageError;
}

/** A tab's view of a disk. Once killed, none of its promises settles again: its code just stops. */
export interface MemoryStore extends SyncStore {
  readonly alive: boolean;
  kill(): void;
}

/** A promise of a dead tab. A new one each time: one shared by all would keep every waiter alive. */
function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** Opens a disk as a tab. Reads and writes of all tabs of a disk are served one at a time, in order of arrival. */
export function openMemoryStore(disk: MemoryDisk, hooks: MemoryHooks = {}): MemoryStore {
  const tx = createMemoryTx(disk);
  let alive = true;
  const isAlive = () => alive;

  async function run<T>(mode: 'write' | 'read', work: (tx: SyncTx) => Promise<T>): Promise<T> {
    const gate = hooks.begin?.(mode);
    if (gate !== undefined) await gate;
    if (!isAlive()) return never();
    const turn = disk.enter();
    if (turn !== undefined) await turn;
    let result: T | undefined;
    try {
      if (isAlive()) result = await perform(mode, work);
    } catch (error) {
      if (isAlive()) throw error;
    } finally {
      disk.rollback();
      disk.leave();
    }
    const complete = hooks.complete?.(mode);
    if (complete !== undefined) await complete;
    return isAlive() ? (result as T) : never();
  }

  async function perform<T>(mode: 'write' | 'read', work: (tx: SyncTx) => Promise<T>): Promise<T> {
    if (mode === 'read') return work(tx);
    disk.begin();
    const result = await work(tx);
    const fate = isAlive() ? (hooks.fate?.() ?? 'commit') : 'crash-before';
    if (fate === 'fail') throw hooks.failure?.() ?? new StorageError('other');
    if (fate === 'commit' || fate === 'crash-after') disk.commit();
    if (fate === 'crash-before' || fate === 'crash-after') alive = false;
    return result;
  }

  return {
    write: (work) => run('write', work),
    read: (work) => run('read', work),
    kill: () => {
      alive = false;
    },
    get alive() {
      return alive;
    },
  };
}

function createMemoryTx(disk: MemoryDisk): SyncTx {
  return {
    marks: {
      add: (mark) => settle(() => addMark(disk, mark)),
      get: (seq) => Promise.resolve(disk.marks.get(seq)),
      getMany: (seqs) => Promise.resolve(seqs.flatMap((seq) => disk.marks.get(seq) ?? [])),
      byId: (id) => Promise.resolve(at(disk, disk.idIndex.get(id))),
      byU: (u) => Promise.resolve(at(disk, disk.uIndex.get(u))),
      byRowId: (rowId) => Promise.resolve(at(disk, disk.rowIdIndex.get(rowId))),
      byState: (state, limit) => Promise.resolve(select(disk, (mark) => mark.state === state, limit)),
      latestByState: (state, limit) => Promise.resolve(latest(disk, state, limit)),
      byLaneAndState: (lane, state, limit) =>
        Promise.resolve(select(disk, (mark) => mark.state === state && mark.lane === lane, limit)),
      lanesByState: (state) => Promise.resolve(lanesWith(disk, state)),
      countByState: (state) => Promise.resolve(select(disk, (mark) => mark.state === state).length),
      put: (mark) => settle(() => putMark(disk, mark)),
      putMany: (marks) =>
        settle(() => {
          for (const mark of marks) putMark(disk, mark);
        }),
    },
    batches: {
      get: (id) => Promise.resolve(disk.batches.get(id)),
      put: (batch) => settle(() => disk.set(disk.batches, batch.id, batch)),
      open: () => Promise.resolve(openBatches(disk)),
      openInLane: (lane) => Promise.resolve(openBatches(disk).filter((batch) => batch.lane === lane)),
    },
    attempts: {
      get: (id) => Promise.resolve(disk.attempts.get(id)),
      put: (row) => settle(() => disk.set(disk.attempts, row.id, row)),
      armed: () => Promise.resolve(filter(disk.attempts, (row) => row.phase === 'armed')),
      ofBatch: (batchId) => Promise.resolve(filter(disk.attempts, (row) => row.batchId === batchId)),
    },
    lanes: {
      get: (id) => Promise.resolve(disk.lanes.get(id)),
      put: (lane) => settle(() => disk.set(disk.lanes, lane.id, lane)),
      all: () => Promise.resolve([...disk.lanes.values()]),
    },
    meta: {
      get: () => Promise.resolve(disk.meta),
      put: (meta) =>
        settle(() => {
          disk.putMeta(meta);
        }),
    },
    log: {
      add: (entry) =>
        settle(() => {
          disk.addLog(entry);
        }),
    },
  };
}

function settle<T>(act: () => T): Promise<T> {
  try {
    return Promise.resolve(act());
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }
}

function addMark(disk: MemoryDisk, mark: Omit<Mark, 'seq'>): number {
  if (disk.idIndex.has(mark.id)) throw new TakenError('id');
  if (disk.uIndex.has(mark.u)) throw new TakenError('u');
  if (mark.rowId !== undefined && disk.rowIdIndex.has(mark.rowId)) throw new TakenError('rowId');
  const seq = disk.nextSeq++;
  disk.set(disk.marks, seq, { ...mark, seq });
  disk.set(disk.idIndex, mark.id, seq);
  disk.set(disk.uIndex, mark.u, seq);
  if (mark.rowId !== undefined) disk.set(disk.rowIdIndex, mark.rowId, seq);
  return seq;
}

/** Stricter than IndexedDB on purpose: identity never changes (I3), and `put` makes no new mark. */
function putMark(disk: MemoryDisk, mark: Mark): void {
  const old = disk.marks.get(mark.seq);
  if (old === undefined) throw new Error('put of a mark that was never added');
  if (old.id !== mark.id || old.u !== mark.u) throw new Error('the identity of a mark was changed');
  if (mark.rowId !== old.rowId) {
    if (mark.rowId !== undefined && disk.rowIdIndex.has(mark.rowId)) throw new TakenError('rowId');
    if (old.rowId !== undefined) disk.unset(disk.rowIdIndex, old.rowId);
    if (mark.rowId !== undefined) disk.set(disk.rowIdIndex, mark.rowId, mark.seq);
  }
  disk.set(disk.marks, mark.seq, mark);
}

function at(disk: MemoryDisk, seq: number | undefined): Mark | undefined {
  return seq === undefined ? undefined : disk.marks.get(seq);
}

/** The map keeps the order of `seq`: marks are added in it and never removed. */
function select(disk: MemoryDisk, wanted: (mark: Mark) => boolean, limit = Infinity): Mark[] {
  const found: Mark[] = [];
  for (const mark of disk.marks.values()) {
    if (found.length >= limit) break;
    if (wanted(mark)) found.push(mark);
  }
  return found;
}

function lanesWith(disk: MemoryDisk, state: MarkState): LaneId[] {
  const lanes = new Set<LaneId>();
  for (const mark of disk.marks.values()) if (mark.state === state) lanes.add(mark.lane);
  return [...lanes];
}

function latest(disk: MemoryDisk, state: MarkState, limit: number): Mark[] {
  return select(disk, (mark) => mark.state === state)
    .slice(-limit)
    .reverse();
}

function openBatches(disk: MemoryDisk) {
  return filter(disk.batches, (batch) => batch.state !== 'closed').sort(
    (a, b) => (a.marks[0] ?? 0) - (b.marks[0] ?? 0),
  );
}

function filter<K, V>(map: ReadonlyMap<K, V>, wanted: (row: V) => boolean): V[] {
  const found: V[] = [];
  for (const row of map.values()) if (wanted(row)) found.push(row);
  return found;
}
