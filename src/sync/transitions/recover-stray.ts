import type { BatchId, LaneId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { SyncTx } from '#store/port.ts';
import { batchMaxMarks } from '../parameters.ts';
import { note } from './guard.ts';

/**
 * Takes care of marks whose journal cannot be read: a damaged row of `batches` or `attempts` is no batch and no
 * attempt for us. Their marks count as possibly applied, like those of an attempt found armed: they become UNKNOWN in
 * a batch of their own, and only a complete read after SETTLE may find them absent. No gateway can vouch for them,
 * since nobody knows which attempt was the last. Part of a take-over, after the readable attempts have ended.
 */
export async function recoverStray(tx: SyncTx, facts: { epoch: number; at: number }): Promise<void> {
  const whole = new Map<BatchId, ReadonlySet<number>>();
  for (const batch of await tx.batches.open()) {
    if (batch.state === 'unknown') whole.set(batch.id, new Set(batch.marks));
    // Every readable attempt has ended by now: this one has lost its own.
    if (batch.state === 'armed') await tx.batches.put({ ...batch, state: 'closed' });
  }
  const isStray = (mark: Mark) =>
    mark.state === 'INFLIGHT' ||
    mark.batchId === undefined ||
    whole.get(mark.batchId)?.has(mark.seq) !== true;
  const carried = [...(await tx.marks.byState('INFLIGHT')), ...(await tx.marks.byState('UNKNOWN'))];
  const byLane = new Map<LaneId, Mark[]>();
  for (const mark of carried.filter(isStray)) byLane.set(mark.lane, [...(byLane.get(mark.lane) ?? []), mark]);

  let n = 0;
  for (const [lane, marks] of byLane) {
    for (let from = 0; from < marks.length; from += batchMaxMarks) {
      const part = marks.slice(from, from + batchMaxMarks);
      // The epoch is new in this very transaction, so the name is too.
      const id = `recovered-${facts.epoch}-${(n += 1)}` as BatchId;
      const seqs = part.map((mark) => mark.seq);
      await tx.batches.put({ id, lane, marks: seqs, state: 'unknown', absentCount: 0 });
      await tx.marks.putMany(part.map((mark) => ({ ...mark, state: 'UNKNOWN', batchId: id })));
      await note(tx, facts.at, 'T11 journal damaged', { batch: id, lane });
    }
  }
}
