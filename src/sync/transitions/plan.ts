import type { BatchId, LaneId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { SyncTx } from '#store/port.ts';
import type { Lane } from '#store/records.ts';
import { chooseBatch } from '../batch-formation.ts';

/** What a lane would send next. Nothing is written: the arm forms the batch (T4) in its own transaction. */
export interface Plan {
  readonly lane: Lane;
  /** A batch that was formed before; absent when the marks form a new one. */
  readonly batch?: BatchId;
  /** In the order they are sent. */
  readonly marks: readonly Mark[];
}

/** Who has waited longest goes first, his later marks may go with the next batch: so many batches are looked at. */
export const planWindow = 2;

/**
 * Plans the next batch of a lane: a batch that is formed already, else the oldest waiting marks (T4). Reads only.
 * @param limit marks
 * @returns undefined when nothing waits
 */
export async function planBatch(tx: SyncTx, id: LaneId, limit: number): Promise<Plan | undefined> {
  const [lane, open, waiting] = await Promise.all([
    tx.lanes.get(id),
    tx.batches.openInLane(id),
    tx.marks.byLaneAndState(id, 'QUEUED', planWindow * limit),
  ]);
  if (lane === undefined) return undefined;
  for (const batch of open) {
    if (batch.state !== 'formed') continue;
    const marks = inOrder(await tx.marks.getMany(batch.marks), batch.marks).filter(isQueued);
    if (marks.length > 0) return { lane, batch: batch.id, marks };
  }
  const batches = new Set(open.map((batch) => batch.id));
  const isFree = (mark: Mark) => mark.batchId === undefined || !batches.has(mark.batchId);
  const marks = chooseBatch(waiting.filter(isFree), { marks: limit });
  return marks.length === 0 ? undefined : { lane, marks };
}

function isQueued(mark: Mark): boolean {
  return mark.state === 'QUEUED';
}

export function inOrder(marks: readonly Mark[], seqs: readonly number[]): Mark[] {
  const bySeq = new Map(marks.map((mark) => [mark.seq, mark]));
  return seqs.flatMap((seq) => bySeq.get(seq) ?? []);
}
