import type { ResultId, UserId } from '#domain/ids.ts';
import type { SyncTx } from '#store/port.ts';
import { covers, type LaneRead } from '../read.ts';
import { indexRows, matchRows } from '../row-matching.ts';
import { endJournal, withStudents, type Ending } from './end-attempt.ts';
import { armedAttempt, GuardError, note } from './guard.ts';

/**
 * T10: a single mark was refused for a reason of its own, and a complete read begun after the refusal lacks it. If
 * that read shows its row after all, the mark is confirmed instead: presence is conclusive at any time.
 * @throws GuardError when the read cannot conclude absence
 */
export async function endRejected(
  tx: SyncTx,
  end: Ending & { readonly reason: string; readonly read: LaneRead; readonly assessor: UserId },
): Promise<'rejected' | 'confirmed'> {
  const armed = await armedAttempt(tx, end.epoch, end.attempt);
  const { batch, marks, lane } = armed;
  const { read } = end;
  const [mark] = marks;
  if (mark === undefined || marks.length !== 1) throw new GuardError('a mark is rejected alone');
  const conclusive = read.complete && read.epoch === end.epoch && covers(read.students, mark.student);
  if (!conclusive || read.assessment !== lane.assessmentId) throw new GuardError('absence is not concluded');
  const rowId: ResultId | undefined = matchRows(
    [mark],
    indexRows(read.rows, { ...read, assessor: end.assessor }),
  ).get(mark.seq);
  await endJournal(tx, armed, end, 'refused-batch');
  await tx.batches.put({ ...batch, state: 'closed' });
  const ids = { attempt: end.attempt, batch: batch.id, lane: lane.id };
  if (rowId !== undefined) {
    await tx.marks.put({ ...mark, state: 'CONFIRMED', rowId, via: 'read', settledAt: end.at });
    await tx.lanes.put({ ...lane, auditDue: withStudents(lane.auditDue, marks) });
    await note(tx, end.at, 'anomaly: refused, but its row is there', ids);
    return 'confirmed';
  }
  await tx.marks.put({ ...mark, state: 'REJECTED', reason: end.reason, settledAt: end.at });
  await note(tx, end.at, 'T10', ids);
  return 'rejected';
}
