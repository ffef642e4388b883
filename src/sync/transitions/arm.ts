import type { AttemptId, BatchId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { SyncTx } from '#store/port.ts';
import type { Attempt, Batch } from '#store/records.ts';
import { isFresh, type FreshBasis } from '../fresh.ts';
import { readTtlMs } from '../parameters.ts';
import { covers, type LaneRead } from '../read.ts';
import { indexRows, matchRows } from '../row-matching.ts';
import { checkEpoch, note } from './guard.ts';
import type { Plan } from './plan.ts';

/** What the arm relies on for "not in Canvas yet". */
export type ArmBasis =
  { readonly kind: 'read'; readonly read: LaneRead } | { readonly kind: 'fresh'; readonly fresh: FreshBasis };

export interface ArmRequest {
  readonly epoch: number;
  readonly plan: Plan;
  readonly basis: ArmBasis;
  readonly attempt: AttemptId;
  /** For marks that form a new batch. */
  readonly newBatch: BatchId;
  readonly bodyHash: string;
  readonly stamp?: string;
  readonly assessor: Mark['assessor'];
}

/** Times read at the last step before the commit: SEND_GAP is measured from them. */
export interface ArmTimes {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export type ArmResult =
  | { readonly kind: 'armed'; readonly attempt: Attempt; readonly at: ArmTimes }
  /** Something changed since the plan was made: undo, another tab, a gate, time. Plan anew. */
  | { readonly kind: 'stale'; readonly why: string };

/**
 * Journals an attempt before its POST (T5, with T4 for marks that are in no batch yet). From the commit on the
 * attempt counts as possibly applied (J2). Everything is checked here, inside the transaction (sync protocol 8.4).
 * @param now read twice: for the age of the read, and as the last step before the commit
 * @throws OutdatedError when another sender has taken over
 */
export async function arm(tx: SyncTx, request: ArmRequest, now: () => ArmTimes): Promise<ArmResult> {
  const { epoch, plan, basis } = request;
  const seqs = plan.marks.map((mark) => mark.seq);
  const [outstanding, lane, batch, marks, inLane] = await Promise.all([
    tx.attempts.armed(),
    tx.lanes.get(plan.lane.id),
    plan.batch === undefined ? undefined : tx.batches.get(plan.batch),
    tx.marks.getMany(seqs),
    tx.batches.openInLane(plan.lane.id),
    checkEpoch(tx, epoch),
  ]);
  if (outstanding.length > 0) return stale('another attempt is armed');
  if (lane?.gate !== 'open' || lane.assessmentId !== plan.lane.assessmentId)
    return stale('the gate is closed');
  if (plan.batch !== undefined && batch?.state !== 'formed') return stale('the batch is gone');
  const open = new Set(inLane.map((one) => one.id));
  // A batch that is closed, or cannot be read, holds no mark any more.
  const batchOf = ({ batchId }: Mark) => (batchId !== undefined && open.has(batchId) ? batchId : undefined);
  const waiting = marks.filter((mark) => mark.state === 'QUEUED' && batchOf(mark) === plan.batch);
  if (seqs.length === 0 || waiting.length !== seqs.length) return stale('a mark is gone');
  const reason = whyNot(marks, request, now());
  if (reason !== undefined) return stale(reason);

  const id = batch?.id ?? request.newBatch;
  const before = batch === undefined ? 0 : (await tx.attempts.ofBatch(id)).length;
  const armedBatch: Batch = batch ?? { id, lane: lane.id, marks: seqs, state: 'formed', absentCount: 0 };
  await Promise.all([
    tx.batches.put({ ...armedBatch, marks: seqs, state: 'armed' }),
    tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'INFLIGHT', batchId: id, attempted: true }))),
    note(tx, now().wallMs, `T5 ${basis.kind}`, { attempt: request.attempt, batch: id, lane: lane.id }),
  ]);
  const at = now();
  const attempt: Attempt = {
    id: request.attempt,
    batchId: id,
    lane: lane.id,
    n: before + 1,
    epoch,
    marks: seqs,
    bodyHash: request.bodyHash,
    ...(request.stamp === undefined ? {} : { stamp: request.stamp }),
    armedAt: at.wallMs,
    phase: 'armed',
  };
  await tx.attempts.put(attempt);
  return { kind: 'armed', attempt, at };
}

function stale(why: string): ArmResult {
  return { kind: 'stale', why };
}

function whyNot(marks: readonly Mark[], request: ArmRequest, now: ArmTimes): string | undefined {
  const { basis, epoch } = request;
  if (basis.kind === 'fresh') {
    const fresh = isFresh(marks, basis.fresh, { epoch, monotonicMs: now.monotonicMs });
    return fresh ? undefined : 'not fresh';
  }
  const { read } = basis;
  if (!read.complete) return 'the read is incomplete';
  const { lane } = request.plan;
  if (read.epoch !== epoch || read.lane !== lane.id || read.assessment !== lane.assessmentId)
    return 'the read is of another epoch or lane';
  if (now.monotonicMs - read.endedMs > readTtlMs) return 'the read is too old';
  if (!marks.every((mark) => covers(read.students, mark.student))) return 'the read leaves a student out';
  const index = indexRows(read.rows, { assessment: read.assessment, assessor: request.assessor });
  return matchRows(marks, index).size > 0 ? 'the read shows a mark' : undefined;
}
