import type { ResultRow } from '#canvas/results-api.ts';
import type { LaneId, ResultId, UserId } from '#domain/ids.ts';
import { secondOf } from '#domain/instant.ts';
import { identityOf } from '#domain/mark.ts';
import { systemClock } from '#lib/clock.ts';
import type { OthersRow, OthersRows } from '#store/others-rows.ts';
import type { SyncStore } from '#store/port.ts';
import type { SyncDeps } from '#sync/deps.ts';

interface KeptIn {
  readonly othersRows: Pick<OthersRows, 'note'>;
  readonly sync: Pick<SyncStore, 'read'>;
}

/**
 * Keeps what the sender's reads show of marks that were made elsewhere: by other teachers, and by this one on another
 * device. Which of this teacher's rows are from here is asked of the disk once for each row. What cannot be kept, the
 * next read shows again.
 */
export function keepOthersRows(
  { othersRows, sync }: KeptIn,
  self: UserId,
): NonNullable<SyncDeps['seenRows']> {
  const fromHere = new Set<ResultId>();

  /** A mark is on the disk before it is sent, so its row is known by what makes up the mark (sync protocol §4). */
  async function elsewhereOf(lane: LaneId, rows: readonly ResultRow[]): Promise<readonly ResultRow[]> {
    const asked = rows.filter(({ id, assessor }) => assessor === self && !fromHere.has(id));
    if (asked.length > 0) {
      await sync.read(async (tx) => {
        for (const row of asked) {
          const u = identityOf({ ...row, lane, assessedAt: secondOf(Date.parse(row.assessedAt)) });
          if ((await tx.marks.byU(u)) !== undefined) fromHere.add(row.id);
        }
      });
    }
    return rows.filter(({ id }) => !fromHere.has(id));
  }

  async function keep(lane: LaneId, rows: readonly ResultRow[]): Promise<void> {
    const seen = byStudent(await elsewhereOf(lane, rows), self);
    if (seen.size > 0) await othersRows.note(lane, seen, systemClock.wallMs());
  }

  return (lane, rows) => {
    const told = rows.filter(({ assessedAt }) => !Number.isNaN(Date.parse(assessedAt)));
    keep(lane, told).catch(() => undefined);
  };
}

function byStudent(rows: readonly ResultRow[], self: UserId): ReadonlyMap<UserId, OthersRow[]> {
  const seen = new Map<UserId, OthersRow[]>();
  for (const { id, passed, assessedAt, student, assessor } of rows) {
    const isMine = assessor === self;
    const row: OthersRow = { id, passed, atMs: Date.parse(assessedAt), assessor, ...(isMine && { isMine }) };
    const before = seen.get(student);
    if (before === undefined) seen.set(student, [row]);
    else before.push(row);
  }
  return seen;
}
