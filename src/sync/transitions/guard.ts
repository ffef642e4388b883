import type { AttemptId, BatchId, LaneId, MarkId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { SyncTx } from '#store/port.ts';
import type { Attempt, Batch, Lane } from '#store/records.ts';

/** The transaction belongs to a sender that is no longer the sender; nothing of it was kept. */
export class OutdatedError extends Error {
  override readonly name = 'OutdatedError';
  constructor() {
    super('another sender has taken over');
  }
}

/** What the store holds is not what a transition starts from; nothing was written. */
export class GuardError extends Error {
  override readonly name = 'GuardError';
}

/** First step of every transition of a sender. @throws OutdatedError when the epoch was raised since */
export async function checkEpoch(tx: SyncTx, epoch: number): Promise<void> {
  const meta = await tx.meta.get();
  if (meta.epoch !== epoch) throw new OutdatedError();
}

/** Raises the epoch, so that whatever an older sender still wants to write fails. @returns the new epoch */
export async function raiseEpoch(tx: SyncTx, by = 1): Promise<number> {
  const meta = await tx.meta.get();
  const epoch = meta.epoch + by;
  await tx.meta.put({ ...meta, epoch });
  return epoch;
}

/** @throws GuardError when there is no such lane */
export async function laneAt(tx: SyncTx, id: LaneId): Promise<Lane> {
  const lane = await tx.lanes.get(id);
  if (lane === undefined) throw new GuardError('no such lane');
  return lane;
}

export interface Armed {
  readonly attempt: Attempt;
  readonly batch: Batch;
  /** In the order they were sent. */
  readonly marks: readonly Mark[];
  readonly lane: Lane;
}

/** The armed attempt that is about to end, checked in full. @throws OutdatedError, GuardError */
export async function armedAttempt(tx: SyncTx, epoch: number, id: AttemptId): Promise<Armed> {
  const [attempt] = await Promise.all([tx.attempts.get(id), checkEpoch(tx, epoch)]);
  if (attempt?.phase !== 'armed') throw new OutdatedError();
  const [batch, marks] = await Promise.all([
    tx.batches.get(attempt.batchId),
    tx.marks.getMany(attempt.marks),
  ]);
  if (batch?.state !== 'armed' || marks.length !== attempt.marks.length)
    throw new GuardError('broken journal');
  if (marks.some((mark) => mark.state !== 'INFLIGHT')) throw new GuardError('a mark left its attempt');
  return { attempt, batch, marks, lane: await laneAt(tx, batch.lane) };
}

/** A line of the support log: ids and states only. */
export function note(
  tx: SyncTx,
  at: number,
  what: string,
  ids: { mark?: MarkId; batch?: BatchId; attempt?: AttemptId; lane?: LaneId } = {},
): Promise<void> {
  return tx.log.add({ at, what, ...ids });
}

/** A mark outside any batch. */
export function unbatched(mark: Mark): Mark {
  const { batchId: _batchId, ...rest } = mark;
  return rest;
}
