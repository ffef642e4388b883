import type { BatchId, LaneId, MarkId } from '#domain/ids.ts';
import { identityOf, laneOf, type Mark } from '#domain/mark.ts';
import { TakenError, type SyncTx } from '#store/port.ts';
import { newLane } from '../gates.ts';
import { batchMaxMarks } from '../parameters.ts';
import { takeFromBatches } from './apply-read.ts';
import { GuardError, note, unbatched } from './guard.ts';

/** What a rescue file says of one mark: enough to send it from another device, and nothing of its journal here. */
export type FileMark = Pick<
  Mark,
  | 'id'
  | 'course'
  | 'assessmentKey'
  | 'student'
  | 'assessor'
  | 'passed'
  | 'assessedAt'
  | 'clockQuality'
  | 'protocolVersion'
> & {
  /** UNKNOWN stays UNKNOWN: its attempt may still take effect, wherever it was made. */
  readonly state: 'QUEUED' | 'UNKNOWN';
};

const mayLeave: ReadonlySet<Mark['state']> = new Set(['HELD', 'QUEUED', 'UNKNOWN', 'REJECTED']);

/**
 * T15: marks that stand in a rescue file, written and read back, are another device's to send. Those that may not
 * leave, or have left meanwhile, stay as they are.
 * @returns the marks that were handed over
 * @throws GuardError while an attempt is armed
 */
export async function handOver(
  tx: SyncTx,
  facts: { readonly seqs: readonly number[]; readonly fileId: string; readonly at: number },
): Promise<Mark[]> {
  if ((await tx.attempts.armed()).length > 0) throw new GuardError('an attempt is armed');
  const leaving = (await tx.marks.getMany(facts.seqs)).filter((mark) => mayLeave.has(mark.state));
  await takeFromBatches(tx, leaving);
  const { fileId, at } = facts;
  const gone = leaving.map((mark): Mark => ({
    ...unbatched(mark),
    state: 'HANDED_OVER',
    fileId,
    settledAt: at,
  }));
  await tx.marks.putMany(gone);
  for (const mark of gone) await note(tx, at, 'T15', { mark: mark.id, lane: mark.lane });
  return gone;
}

export interface TakenOver {
  readonly taken: readonly Mark[];
  /** Here already, under the same tap: nothing was done. */
  readonly present: readonly MarkId[];
  /** Another mark of this device has their U: to be shown, not taken over (fault 77). */
  readonly clashing: readonly MarkId[];
}

/**
 * T16: takes over marks of a rescue file. None of them is ever fresh here, so each is read for before it is sent;
 * those that are UNKNOWN form unknown batches, whose SETTLE begins when the sender first sees them. A mark that this
 * device itself handed over comes back as UNKNOWN: the other device may have sent it.
 */
export async function takeOverMarks(
  tx: SyncTx,
  facts: {
    readonly marks: readonly FileMark[];
    readonly fileId: string;
    readonly at: number;
    newBatch(): BatchId;
  },
): Promise<TakenOver> {
  const taken: Mark[] = [];
  const present: MarkId[] = [];
  const clashing: MarkId[] = [];
  for (const wanted of facts.marks) {
    const known = await tx.marks.byId(wanted.id);
    if (known?.state === 'HANDED_OVER') taken.push(await reclaim(tx, known, facts.fileId));
    else if (known !== undefined) present.push(wanted.id);
    else {
      const mark = await add(tx, wanted, facts);
      if (mark === undefined) clashing.push(wanted.id);
      else taken.push(mark);
    }
  }
  await formUnknown(tx, taken, () => facts.newBatch());
  for (const mark of taken) await note(tx, facts.at, `T16 ${mark.state}`, { mark: mark.id, lane: mark.lane });
  return { taken, present, clashing };
}

async function add(
  tx: SyncTx,
  wanted: FileMark,
  facts: { readonly fileId: string; readonly at: number },
): Promise<Mark | undefined> {
  const lane = laneOf(wanted.course, wanted.assessmentKey);
  const mark = {
    ...wanted,
    lane,
    u: identityOf({ ...wanted, lane }),
    heldAt: facts.at,
    heldUntil: facts.at,
    origin: 'rescue-file' as const,
    attempted: wanted.state === 'UNKNOWN',
    fileId: facts.fileId,
  };
  try {
    const seq = await tx.marks.add(mark);
    if ((await tx.lanes.get(lane)) === undefined)
      await tx.lanes.put(newLane(lane, { title: wanted.assessmentKey }));
    return { ...mark, seq };
  } catch (error) {
    if (error instanceof TakenError) return undefined;
    throw error;
  }
}

async function reclaim(tx: SyncTx, mark: Mark, fileId: string): Promise<Mark> {
  const back: Mark = { ...mark, state: 'UNKNOWN', origin: 'rescue-file', attempted: true, fileId };
  await tx.marks.put(back);
  return back;
}

/** Every UNKNOWN mark is in an unknown batch: that is where the sender looks for it. */
async function formUnknown(tx: SyncTx, marks: readonly Mark[], newBatch: () => BatchId): Promise<void> {
  const lanes = new Map<LaneId, Mark[]>();
  for (const mark of marks) {
    if (mark.state === 'UNKNOWN') lanes.set(mark.lane, [...(lanes.get(mark.lane) ?? []), mark]);
  }
  for (const [lane, unknown] of lanes) {
    for (let from = 0; from < unknown.length; from += batchMaxMarks) {
      const part = unknown.slice(from, from + batchMaxMarks);
      const id = newBatch();
      const seqs = part.map((mark) => mark.seq);
      await tx.batches.put({ id, lane, marks: seqs, state: 'unknown', absentCount: 0 });
      await tx.marks.putMany(part.map((mark) => ({ ...mark, batchId: id })));
    }
  }
}
