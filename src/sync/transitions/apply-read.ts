import type { BatchId, ResultId, UserId } from '#domain/ids.ts';
import { identityOf, type Mark } from '#domain/mark.ts';
import type { SyncTx } from '#store/port.ts';
import type { Lane } from '#store/records.ts';
import { covers, type LaneRead } from '../read.ts';
import { indexRows, matchKeyOf, matchRows, repeatedRows, type RowIndex } from '../row-matching.ts';
import { withStudents } from './end-attempt.ts';
import { checkEpoch, laneAt, note, unbatched } from './guard.ts';
import { judgeAbsence, type AbsenceRequest, type AbsenceResult } from './judge-absence.ts';

export interface ReadRequest {
  readonly epoch: number;
  readonly read: LaneRead;
  readonly assessor: UserId;
  /** Device time, ms. */
  readonly at: number;
  /** An unknown batch that this read may judge. */
  readonly judge?: AbsenceRequest;
  /** True when this read is the lane's audit (§9). */
  readonly audit?: boolean;
}

export interface ReadEffect {
  /** `seq` of the marks that were confirmed. */
  readonly confirmed: readonly number[];
  readonly surplus: number;
  readonly absence?: AbsenceResult;
}

/**
 * Writes what a read of a lane's rows shows, in one transaction: marks whose row is there are confirmed (T12),
 * surplus rows are noted on their mark (T14), and an unknown batch that a complete read lacks goes back to the
 * queue (T13). An incomplete read confirms, and nothing else.
 * @throws OutdatedError when another sender has taken over
 */
export async function applyRead(tx: SyncTx, request: ReadRequest): Promise<ReadEffect> {
  const { read, at } = request;
  await checkEpoch(tx, request.epoch);
  const lane = await laneAt(tx, read.lane);
  const index = indexRows(read.rows, { assessment: read.assessment, assessor: request.assessor });
  const confirmed = index.size === 0 ? [] : await confirmPresent(tx, lane, index, at);
  const surplus = index.size === 0 ? 0 : await noteSurplus(tx, lane, index, request);
  const absence = request.judge === undefined ? undefined : await judgeAbsence(tx, request.judge, request);
  await putAudit(tx, lane, { confirmed, read, audited: request.audit === true && read.complete });
  return {
    confirmed: confirmed.map((mark) => mark.seq),
    surplus,
    ...(absence === undefined ? {} : { absence }),
  };
}

/** T12. A mark still held whose row is there was sent before a backup was restored: it is released and confirmed. */
async function confirmPresent(tx: SyncTx, lane: Lane, index: RowIndex, at: number): Promise<Mark[]> {
  const open: Mark[] = [];
  for (const state of ['UNKNOWN', 'QUEUED', 'HELD'] as const) {
    open.push(...(await tx.marks.byLaneAndState(lane.id, state)));
  }
  const matched = matchRows(open, index);
  const confirmed: Mark[] = [];
  for (const mark of open) {
    const rowId = matched.get(mark.seq);
    if (rowId === undefined || (await isUsed(tx, rowId, at))) continue;
    const settled: Mark = { ...unbatched(mark), state: 'CONFIRMED', rowId, via: 'read', settledAt: at };
    await tx.marks.put(settled);
    await note(tx, at, 'T12', { mark: mark.id, lane: lane.id });
    confirmed.push(mark);
  }
  await takeFromBatches(tx, confirmed);
  return confirmed;
}

/** A row that confirms one mark confirms no other, whatever the server says. */
async function isUsed(tx: SyncTx, rowId: ResultId, at: number): Promise<boolean> {
  const other = await tx.marks.byRowId(rowId);
  if (other !== undefined) await note(tx, at, 'anomaly: one row for two marks', { mark: other.id });
  return other !== undefined;
}

/** Takes marks out of their open batches; a batch that has none left is closed. */
export async function takeFromBatches(tx: SyncTx, marks: readonly Mark[]): Promise<void> {
  const gone = new Set(marks.map((mark) => mark.seq));
  const ids = new Set<BatchId>(marks.flatMap((mark) => mark.batchId ?? []));
  for (const id of ids) {
    const batch = await tx.batches.get(id);
    if (batch === undefined || batch.state === 'closed') continue;
    const left = batch.marks.filter((seq) => !gone.has(seq));
    await tx.batches.put({ ...batch, marks: left, state: left.length === 0 ? 'closed' : batch.state });
  }
}

/** T14, and the same notice on a mark that was taken back or refused and has a row all the same. */
async function noteSurplus(tx: SyncTx, lane: Lane, index: RowIndex, request: ReadRequest): Promise<number> {
  let noted = 0;
  const add = async (mark: Mark, rows: readonly ResultId[]) => {
    const known = mark.duplicateRowIds ?? [];
    const fresh = rows.filter((id) => id !== mark.rowId && !known.includes(id));
    if (fresh.length === 0) return;
    await tx.marks.put({ ...mark, duplicateRowIds: [...known, ...fresh] });
    await note(tx, request.at, 'T14', { mark: mark.id, lane: lane.id });
    noted += fresh.length;
  };
  for (const { key, ids } of repeatedRows(index)) {
    const mark = await tx.marks.byU(uOf(lane, key, request.assessor));
    if (mark?.state === 'CONFIRMED' && matchKeyOf(mark) === key) await add(mark, ids);
  }
  for (const state of ['REJECTED', 'WITHDRAWN'] as const) {
    for (const mark of await tx.marks.byLaneAndState(lane.id, state)) {
      await add(mark, index.get(matchKeyOf(mark)) ?? []);
    }
  }
  return noted;
}

function uOf(lane: Lane, key: string, assessor: UserId): string {
  const [student, assessedAt] = key.split('|') as [Mark['student'], Mark['assessedAt']];
  return identityOf({ lane: lane.id, student, assessor, assessedAt });
}

async function putAudit(
  tx: SyncTx,
  lane: Lane,
  seen: { confirmed: readonly Mark[]; read: LaneRead; audited: boolean },
): Promise<void> {
  if (seen.confirmed.length === 0 && !seen.audited) return;
  const left = seen.audited
    ? lane.auditDue.filter((student) => !covers(seen.read.students, student))
    : lane.auditDue;
  // The judgement of an unknown batch may have closed the gate meanwhile.
  const now = await laneAt(tx, lane.id);
  await tx.lanes.put({ ...now, auditDue: withStudents(left, seen.confirmed) });
}
