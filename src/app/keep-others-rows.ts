import type { ResultRow } from '#canvas/results-api.ts';
import type { LaneId, UserId } from '#domain/ids.ts';
import { systemClock } from '#lib/clock.ts';
import type { OthersRow, OthersRows } from '#store/others-rows.ts';
import type { SyncDeps } from '#sync/deps.ts';

/**
 * Keeps what the sender's reads show of other teachers' marks. It costs a read that shows none a look at each row and
 * no transaction; when it cannot be kept, the next read shows it again.
 */
export function keepOthersRows(
  othersRows: Pick<OthersRows, 'note'>,
  self: UserId,
): NonNullable<SyncDeps['seenRows']> {
  return (lane, rows) => {
    const seen = othersAmong(rows, self);
    if (seen.size > 0) note(othersRows, lane, seen);
  };
}

function note(othersRows: Pick<OthersRows, 'note'>, lane: LaneId, seen: ReadonlyMap<UserId, OthersRow[]>) {
  othersRows.note(lane, seen, systemClock.wallMs()).catch(() => undefined);
}

function othersAmong(rows: readonly ResultRow[], self: UserId): ReadonlyMap<UserId, OthersRow[]> {
  const seen = new Map<UserId, OthersRow[]>();
  for (const { id, passed, assessedAt, student, assessor } of rows) {
    const atMs = Date.parse(assessedAt);
    if (assessor === self || Number.isNaN(atMs)) continue;
    const row: OthersRow = { id, passed, atMs, assessor };
    const before = seen.get(student);
    if (before === undefined) seen.set(student, [row]);
    else before.push(row);
  }
  return seen;
}
