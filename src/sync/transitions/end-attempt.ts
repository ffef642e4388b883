import type { AttemptId, BatchId, ResultId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { SyncTx } from '#store/port.ts';
import type { AttemptOutcome, Batch, Lane } from '#store/records.ts';
import { closedGate, type ClosedGate } from '../gates.ts';
import { systemicAfter } from '../parameters.ts';
import { splitBatch } from '../split.ts';
import { armedAttempt, note, raiseEpoch, unbatched, type Armed } from './guard.ts';

/*
 * How an attempt ends (T6 to T9, T11). The end and its effect on the marks are one transaction (J7), which fails on
 * an outdated epoch: then a newer sender has turned the attempt into unknown, and only a read may judge it.
 */

/** Which attempt, and when it ended. */
export interface Ending {
  readonly epoch: number;
  readonly attempt: AttemptId;
  /** Device time, ms. */
  readonly at: number;
  readonly status?: number;
}

/** What an end says about the lane's gate. */
export interface GateClosing {
  readonly gate: ClosedGate;
  readonly reason?: string;
  /** Device time, ms, of the next automatic try. */
  readonly until?: number;
}

/** T7: each mark is confirmed by its own row. @throws TakenError when a row confirms another mark already */
export async function endAccepted(
  tx: SyncTx,
  end: Ending & { readonly rows: ReadonlyMap<number, ResultId> },
): Promise<void> {
  const armed = await armedAttempt(tx, end.epoch, end.attempt);
  const { batch, marks, lane } = armed;
  const confirmed = marks.map((mark): Mark => {
    const rowId = end.rows.get(mark.seq);
    if (rowId === undefined) throw new Error('accepted without a row for each mark');
    return { ...mark, state: 'CONFIRMED', rowId, via: 'answer', settledAt: end.at };
  });
  const auditDue = withStudents(lane.auditDue, marks);
  await Promise.all([
    endJournal(tx, armed, end, 'accepted'),
    tx.batches.put({ ...batch, state: 'closed' }),
    tx.marks.putMany(confirmed),
    tx.lanes.put({ ...lane, accepted: true, refusals: 0, failures: 0, auditDue }),
    note(tx, end.at, 'T7', { attempt: end.attempt, batch: batch.id, lane: lane.id }),
  ]);
}

/** T6: it is known never to have left. */
export async function endNotSent(
  tx: SyncTx,
  end: Ending & { readonly closing?: GateClosing },
): Promise<void> {
  const armed = await armedAttempt(tx, end.epoch, end.attempt);
  await endJournal(tx, armed, end, 'not-sent');
  await backToQueue(tx, armed);
  await putGate(tx, armed.lane, end.closing);
  await note(tx, end.at, 'T6', { attempt: end.attempt, batch: armed.batch.id, lane: armed.lane.id });
}

/** T8: refused for a reason of the lane, not of a mark. */
export async function endAtGate(tx: SyncTx, end: Ending & { readonly closing: GateClosing }): Promise<void> {
  const armed = await armedAttempt(tx, end.epoch, end.attempt);
  await endJournal(tx, armed, end, 'refused-gate');
  await backToQueue(tx, armed);
  await putGate(tx, armed.lane, end.closing);
  await note(tx, end.at, `T8 ${end.closing.gate}`, ids(armed, end));
}

/**
 * T8 for a 413: the lane's limit is half of what was too large, for good, and the batch is formed anew. A single
 * mark that is too large closes `systemic`.
 */
export async function endTooLarge(tx: SyncTx, end: Ending): Promise<void> {
  const armed = await armedAttempt(tx, end.epoch, end.attempt);
  const { batch, marks, lane } = armed;
  await endJournal(tx, armed, end, 'refused-gate');
  if (marks.length === 1) {
    await backToQueue(tx, armed);
    await putGate(tx, lane, { gate: 'systemic' });
  } else {
    await tx.batches.put({ ...batch, state: 'closed' });
    await tx.marks.putMany(marks.map((mark) => ({ ...unbatched(mark), state: 'QUEUED' })));
    const batchLimit = Math.max(1, Math.min(lane.batchLimit, Math.floor(marks.length / 2)));
    await tx.lanes.put({ ...lane, batchLimit });
  }
  await note(tx, end.at, 'T8 too large', ids(armed, end));
}

/**
 * T8 for a single mark that was refused, and it is not known whether for its own sake (§11).
 * @param end.counts false when it could not be found out: then it is no step towards `systemic`
 */
export async function endRefused(
  tx: SyncTx,
  end: Ending & { readonly reason: string; readonly counts: boolean },
): Promise<void> {
  const armed = await armedAttempt(tx, end.epoch, end.attempt);
  await endJournal(tx, armed, end, 'refused-batch');
  await backToQueue(tx, armed);
  const { lane } = armed;
  const refusals = lane.refusals + (end.counts ? 1 : 0);
  if (end.counts && refusals >= systemicAfter)
    await tx.lanes.put(closedGate({ ...lane, refusals }, 'systemic', { reason: end.reason }));
  else await tx.lanes.put({ ...lane, refusals, failures: lane.failures + 1 });
  await note(tx, end.at, 'T8 refused once', ids(armed, end));
}

/** T9: a refused batch becomes smaller ones. */
export async function endSplit(
  tx: SyncTx,
  end: Ending & { readonly roster?: ReadonlySet<UserId>; newBatch(): BatchId },
): Promise<void> {
  const armed = await armedAttempt(tx, end.epoch, end.attempt);
  await endJournal(tx, armed, end, 'refused-batch');
  await splitInto(tx, armed.batch, armed.marks, end);
  await note(tx, end.at, 'T9', ids(armed, end));
}

/**
 * T11: nobody knows. The epoch is raised with it, so that no batch counts as fresh until the next complete read.
 * @returns the epoch from now on
 */
export async function endUnknown(
  tx: SyncTx,
  end: Ending & { readonly closing?: GateClosing },
): Promise<number> {
  const armed = await armedAttempt(tx, end.epoch, end.attempt);
  const { batch, marks, lane } = armed;
  await endJournal(tx, armed, end, 'unknown');
  await tx.batches.put({ ...batch, state: 'unknown' });
  await tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'UNKNOWN' })));
  await putGate(tx, lane, end.closing);
  await note(tx, end.at, 'T11', ids(armed, end));
  return raiseEpoch(tx);
}

/** Puts the parts of a split in place of their parent; their marks are QUEUED. */
export async function splitInto(
  tx: SyncTx,
  parent: Batch,
  marks: readonly Mark[],
  how: { readonly roster?: ReadonlySet<UserId>; newBatch(): BatchId },
): Promise<void> {
  await tx.batches.put({ ...parent, state: 'closed' });
  for (const part of splitBatch(marks, how.roster)) {
    const id = how.newBatch();
    const seqs = part.map((mark) => mark.seq);
    await tx.batches.put({
      id,
      lane: parent.lane,
      marks: seqs,
      state: 'formed',
      parent: parent.id,
      absentCount: 0,
    });
    await tx.marks.putMany(part.map((mark) => ({ ...mark, state: 'QUEUED', batchId: id })));
  }
}

export async function endJournal(
  tx: SyncTx,
  armed: Armed,
  end: Ending,
  outcome: AttemptOutcome,
): Promise<void> {
  const status = end.status === undefined ? {} : { status: end.status };
  await tx.attempts.put({ ...armed.attempt, phase: 'ended', outcome, endedAt: end.at, ...status });
}

async function backToQueue(tx: SyncTx, { batch, marks }: Armed): Promise<void> {
  await tx.batches.put({ ...batch, state: 'formed' });
  await tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'QUEUED' })));
}

/** Closes the gate, or counts the failure alone. A wrong assessor on one lane is wrong on all of them. */
async function putGate(tx: SyncTx, lane: Lane, closing: GateClosing | undefined): Promise<void> {
  if (closing === undefined) {
    await tx.lanes.put({ ...lane, failures: lane.failures + 1 });
    return;
  }
  const { gate, ...facts } = closing;
  await tx.lanes.put(closedGate(lane, gate, facts));
  if (gate !== 'identity') return;
  for (const other of await tx.lanes.all()) {
    if (other.id !== lane.id) await tx.lanes.put(closedGate(other, 'identity'));
  }
}

export function withStudents(due: readonly UserId[], marks: readonly Mark[]): readonly UserId[] {
  return [...new Set([...due, ...marks.map((mark) => mark.student)])];
}

function ids(armed: Armed, end: Ending) {
  return { attempt: end.attempt, batch: armed.batch.id, lane: armed.lane.id };
}
