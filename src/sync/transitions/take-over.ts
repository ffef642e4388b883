import type { SyncTx } from '#store/port.ts';
import { note, raiseEpoch } from './guard.ts';
import { recoverStray } from './recover-stray.ts';

/**
 * The first transaction of a sender that has just gained the lock (sync protocol §8.1, §8.2): raises the epoch,
 * and turns every attempt found armed into unknown (T11), because whoever armed it may have sent it. Marks whose
 * journal is damaged become unknown too.
 * @returns the epoch of this sender
 */
export async function takeOver(tx: SyncTx, facts: { at: number; raiseBy?: number }): Promise<number> {
  const { at } = facts;
  const epoch = await raiseEpoch(tx, facts.raiseBy);
  for (const attempt of await tx.attempts.armed()) {
    await tx.attempts.put({ ...attempt, phase: 'ended', outcome: 'unknown', endedAt: at });
    const batch = await tx.batches.get(attempt.batchId);
    if (batch !== undefined) await tx.batches.put({ ...batch, state: 'unknown' });
    const marks = await tx.marks.getMany(attempt.marks);
    const flying = marks.filter((mark) => mark.state === 'INFLIGHT');
    await tx.marks.putMany(flying.map((mark) => ({ ...mark, state: 'UNKNOWN' })));
    await note(tx, at, 'T11 found armed', { attempt: attempt.id, batch: attempt.batchId });
  }
  await recoverStray(tx, { epoch, at });
  return epoch;
}
