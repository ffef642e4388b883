import type { Mark, MarkState } from '#domain/mark.ts';
import type { AttemptId, BatchId, LaneId, MarkId, ResultId } from '#domain/ids.ts';
import type { Attempt, Batch, Lane, LogEntry, Meta } from './records.ts';

/** A unique index refused a row. The transaction goes on; the row was not written. */
export class TakenError extends Error {
  override readonly name = 'TakenError';
  readonly index: 'id' | 'u' | 'rowId';
  constructor(index: 'id' | 'u' | 'rowId') {
    super(`unique index ${index} refused the row`);
    this.index = index;
  }
}

/** The store could not do its work: full, closed, gone, refused. Nothing of the transaction was kept. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly kind: 'full' | 'closed' | 'version' | 'unavailable' | 'other';
  constructor(kind: StorageError['kind'], cause?: unknown) {
    super(`storage failed: ${kind}`, { cause });
    this.kind = kind;
  }
}

/**
 * What a transaction on the sync tables can do. Implemented by Dexie in `store/` and by plain maps in
 * `testing/`; the transitions in `sync/` and `store/` are written once, on top of this.
 * Only these calls may be awaited inside a transaction: anything else would let IndexedDB commit it.
 */
export interface SyncTx {
  readonly marks: {
    /** Gives the next `seq`. @throws TakenError when `id` or `u` is taken */
    add(mark: Omit<Mark, 'seq'>): Promise<number>;
    get(seq: number): Promise<Mark | undefined>;
    getMany(seqs: readonly number[]): Promise<Mark[]>;
    byId(id: MarkId): Promise<Mark | undefined>;
    byU(u: string): Promise<Mark | undefined>;
    byRowId(rowId: ResultId): Promise<Mark | undefined>;
    /** In order of `seq`; at most `limit`. */
    byState(state: MarkState, limit?: number): Promise<Mark[]>;
    /** The newest first; at most `limit`. */
    latestByState(state: MarkState, limit: number): Promise<Mark[]>;
    /** In order of `seq`; at most `limit`. */
    byLaneAndState(lane: LaneId, state: MarkState, limit?: number): Promise<Mark[]>;
    countByState(state: MarkState): Promise<number>;
    /** The lanes that have a mark in this state, each once, in no order. */
    lanesByState(state: MarkState): Promise<LaneId[]>;
    /** @throws TakenError when another mark has this `rowId` */
    put(mark: Mark): Promise<void>;
    putMany(marks: readonly Mark[]): Promise<void>;
  };
  readonly batches: {
    get(id: BatchId): Promise<Batch | undefined>;
    put(batch: Batch): Promise<void>;
    /** Batches that are not closed, oldest first mark first. */
    open(): Promise<Batch[]>;
    openInLane(lane: LaneId): Promise<Batch[]>;
  };
  readonly attempts: {
    get(id: AttemptId): Promise<Attempt | undefined>;
    put(attempt: Attempt): Promise<void>;
    armed(): Promise<Attempt[]>;
    ofBatch(batchId: BatchId): Promise<Attempt[]>;
  };
  readonly lanes: {
    get(id: LaneId): Promise<Lane | undefined>;
    put(lane: Lane): Promise<void>;
    all(): Promise<Lane[]>;
  };
  readonly meta: {
    get(): Promise<Meta>;
    put(meta: Meta): Promise<void>;
  };
  readonly log: {
    /** Keeps the last 2,000 entries. */
    add(entry: LogEntry): Promise<void>;
  };
}

export interface SyncStore {
  /**
   * Runs `work` in one strict read-write transaction over all sync tables. The promise settles when the
   * transaction's `complete` event has fired, not before; if `work` throws, nothing of it is kept.
   * @throws StorageError when the store fails
   */
  write<T>(work: (tx: SyncTx) => Promise<T>): Promise<T>;
  /**
   * As `write((tx) => tx.marks.add(mark))`, by a shorter way where the store has one: every tap goes by it.
   * @throws TakenError without saying for sure which index; then `write` finds out
   */
  readonly add?: (mark: Omit<Mark, 'seq'>) => Promise<number>;
  /** As `write`, read-only. */
  read<T>(work: (tx: SyncTx) => Promise<T>): Promise<T>;
}
