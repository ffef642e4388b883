import * as v from 'valibot';
import type { LaneId, ResultId, UserId } from '#domain/ids.ts';
import { createFailing } from './failing.ts';
import { liveWatch, type Explain } from './live-watch.ts';
import type { AccountDatabase, AnyRow } from './schema.ts';
import type { Watch } from './watch.ts';

/** A row of Canvas that was not sent from this device, as a read has seen it. */
export interface OthersRow {
  readonly id: ResultId;
  readonly passed: boolean;
  /** ms since 1970, UTC. */
  readonly atMs: number;
  readonly assessor: UserId;
  /** Of the same teacher, from another device. */
  readonly isMine?: boolean;
}

/**
 * What was marked elsewhere in the lanes of this device, as far as reads have seen it. For showing only: the protocol
 * neither reads nor needs it, and it may be lost at any moment.
 */
export interface OthersRows {
  /** Keeps what is new. @param at device time, ms @throws StorageError */
  readonly note: (lane: LaneId, seen: ReadonlyMap<UserId, readonly OthersRow[]>, at: number) => Promise<void>;
  /** Of one student in one lane, the oldest first. */
  readonly watch: (lane: LaneId, student: UserId) => Watch<readonly OthersRow[]>;
}

/** The strip on a student's card shows no more. */
const mostOfOne = 12;
/** Students in lanes; when there are more, the longest unseen go. About 2 MB. */
const mostKept = 4_000;

const rowsSchema = v.array(
  v.object({
    id: v.custom<ResultId>((id) => typeof id === 'string'),
    passed: v.boolean(),
    atMs: v.number(),
    assessor: v.custom<UserId>((id) => typeof id === 'string'),
    isMine: v.exactOptional(v.boolean()),
  }),
);

export function createOthersRows(db: AccountDatabase, explain: Explain, most = mostKept): OthersRows {
  const table = db.rows('othersRows');
  const failing = createFailing(db, explain);
  return {
    note: (lane, seen, at) =>
      failing(() =>
        db.transaction('rw', table, async () => {
          const students = [...seen.keys()];
          const known = await table.bulkGet(students.map((student) => [lane, student] as never));
          const changed: AnyRow[] = [];
          for (const [n, student] of students.entries()) {
            const before = rowsOf(known[n]);
            const rows = joined(before, seen.get(student) ?? []);
            if (!same(before, rows)) changed.push({ lane, student, rows, at });
          }
          if (changed.length === 0) return;
          await table.bulkPut(changed);
          const surplus = (await table.count()) - most;
          if (surplus > 0) await table.orderBy('at').limit(surplus).delete();
        }),
      ),
    watch: (lane, student) =>
      liveWatch(async () => rowsOf(await table.get([lane, student] as never)), explain),
  };
}

/** Something unreadable counts as nothing: the next read tells it again. */
function rowsOf(record: AnyRow | undefined): readonly OthersRow[] {
  const parsed = v.safeParse(rowsSchema, record?.['rows']);
  return parsed.success ? parsed.output : [];
}

function joined(before: readonly OthersRow[], seen: readonly OthersRow[]): readonly OthersRow[] {
  const byId = new Map([...before, ...seen].map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1)).slice(-mostOfOne);
}

function same(a: readonly OthersRow[], b: readonly OthersRow[]): boolean {
  return (
    a.length === b.length &&
    a.every((row, n) => {
      const other = b[n];
      return row.id === other?.id && row.passed === other.passed && row.atMs === other.atMs;
    })
  );
}
