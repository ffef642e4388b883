import type { BatchId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { SyncTx } from '#store/port.ts';
import type { Attempt, Batch } from '#store/records.ts';
import { closedGate } from '../gates.ts';
import { isUndecided } from '../outcomes.ts';
import { splitAfterAbsences } from '../parameters.ts';
import { covers, type LaneRead } from '../read.ts';
import { splitInto } from './end-attempt.ts';
import { checkEpoch, laneAt, note } from './guard.ts';
import { inOrder } from './plan.ts';

export interface AbsenceRequest {
  readonly batch: BatchId;
  /** True when the read began SETTLE after the last attempt ended: only then absence is conclusive. */
  readonly settled: boolean;
  /** True when an earlier complete read, SETTLE before, contradicted itself in the same way (§9). */
  readonly contradictedBefore: boolean;
  /** For a split: students on the roster, when it is known. */
  readonly roster?: ReadonlySet<UserId>;
  newBatch(): BatchId;
}

export type AbsenceResult =
  /** Nothing of it is unknown any more. */
  | 'resolved'
  /** T13: absent, to be sent again. */
  | 'absent'
  /** Absent three times after undecided answers: split, or behind `systemic`, or rejected. */
  | 'isolated'
  /** Complete, but it shows some marks of one attempt and not the others. */
  | 'contradiction'
  /** The read does not allow a conclusion yet. */
  | 'open';

/** Judges an unknown batch by a read whose present rows are confirmed already. Part of `applyRead`. */
export async function judgeAbsence(
  tx: SyncTx,
  request: AbsenceRequest,
  facts: { readonly read: LaneRead; readonly at: number },
): Promise<AbsenceResult> {
  const batch = await tx.batches.get(request.batch);
  if (batch?.state !== 'unknown') return 'resolved';
  const marks = inOrder(await tx.marks.getMany(batch.marks), batch.marks);
  const { read, at } = facts;
  if (marks.length === 0) {
    await tx.batches.put({ ...batch, state: 'closed' });
    return 'resolved';
  }
  if (!read.complete || !marks.every((mark) => covers(read.students, mark.student))) return 'open';

  const attempt = lastAttempt(await tx.attempts.ofBatch(batch.id));
  if ((await someArrived(tx, attempt)) && !request.contradictedBefore) {
    await note(tx, at, 'anomaly: some marks of one attempt', { batch: batch.id, lane: batch.lane });
    return 'contradiction';
  }
  if (!request.settled) return 'open';
  await note(tx, at, 'T13 absent', { batch: batch.id, lane: batch.lane });
  const absentCount = batch.absentCount + (isUndecided(attempt?.status) ? 1 : 0);
  if (absentCount >= splitAfterAbsences) {
    await isolate(tx, { ...batch, absentCount }, marks, request, at);
    return 'isolated';
  }
  await tx.batches.put({ ...batch, state: 'formed', absentCount });
  await tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'QUEUED' })));
  return 'absent';
}

/**
 * T13 by the gateway's word: it never forwarded the attempt, and has barred its id (sync protocol §13 duty 6).
 * @returns false when the batch is not unknown any more
 */
export async function trustVouching(
  tx: SyncTx,
  facts: { readonly epoch: number; readonly attempt: Attempt; readonly at: number },
): Promise<boolean> {
  const { attempt, at } = facts;
  await checkEpoch(tx, facts.epoch);
  const batch = await tx.batches.get(attempt.batchId);
  if (batch?.state !== 'unknown') return false;
  if (lastAttempt(await tx.attempts.ofBatch(batch.id))?.id !== attempt.id) return false;
  await tx.attempts.put({ ...attempt, vouched: true });
  await tx.batches.put({ ...batch, state: 'formed' });
  const marks = await tx.marks.getMany(batch.marks);
  await tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'QUEUED' })));
  await note(tx, at, 'T13 vouched', { attempt: attempt.id, batch: batch.id, lane: batch.lane });
  return true;
}

export function lastAttempt(attempts: readonly Attempt[]): Attempt | undefined {
  return [...attempts].sort((a, b) => b.n - a.n)[0];
}

/** Batches are atomic: if one mark of the attempt has its row, all of them should. */
async function someArrived(tx: SyncTx, attempt: Attempt | undefined): Promise<boolean> {
  if (attempt === undefined) return false;
  const carried = await tx.marks.getMany(attempt.marks);
  return carried.some((mark) => mark.state === 'CONFIRMED');
}

/**
 * Sync protocol §11: a batch that Canvas never decides is split like a refused one. A mark that stands alone closes
 * `systemic` if nothing else was accepted either; else the trouble is its own, and it is rejected: it was sent
 * alone three times, and a complete read after SETTLE lacked it each time.
 */
async function isolate(
  tx: SyncTx,
  batch: Batch,
  marks: readonly Mark[],
  request: AbsenceRequest,
  at: number,
): Promise<void> {
  if (marks.length > 1) {
    await splitInto(tx, batch, marks, request);
    return;
  }
  const lane = await laneAt(tx, batch.lane);
  const alone = { batch: batch.id, lane: lane.id };
  if (lane.accepted) {
    await tx.batches.put({ ...batch, state: 'closed' });
    await tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'REJECTED', settledAt: at })));
    await note(tx, at, 'T10 never decided', alone);
  } else {
    await tx.batches.put({ ...batch, state: 'formed', absentCount: 0 });
    await tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'QUEUED' })));
    await tx.lanes.put(closedGate(lane, 'systemic'));
    await note(tx, at, 'systemic: never decided', alone);
  }
}
