import type { Table } from 'dexie';
import type { LaneId } from '#domain/ids.ts';
import { openStates, type Mark, type MarkState } from '#domain/mark.ts';
import type { Explain } from './live-watch.ts';
import { markStates } from './marks/count.ts';
import { needsTeacher } from './marks/rejected.ts';
import type { MarkFeed } from './mark-feed.ts';
import { asMark } from './rows.ts';
import type { AnyRow } from './schema.ts';
import { watchSource, type Watch } from './watch.ts';

/** What has not reached Canvas from this device, in numbers. */
export interface OpenCounts {
  readonly held: number;
  readonly queued: number;
  readonly inflight: number;
  readonly unknown: number;
  /** The sum of the four: saved here, and not known to be in Canvas. */
  readonly waiting: number;
  /** Refused by Canvas and not yet settled by the teacher. */
  readonly needsTeacher: number;
  /** Rows that cannot be read: neither sent nor lost, and shown. */
  readonly unreadable: number;
  readonly waitingByLane: ReadonlyMap<LaneId, number>;
  /** The mark that has waited longest. */
  readonly oldest: Mark | undefined;
  /** Device time, ms, when the next held mark may go; undefined when none waits for a time. */
  readonly nextReleaseAt: number | undefined;
  /** Device time, ms, of the latest confirmation known. */
  readonly lastConfirmedAt: number | undefined;
}

export interface OpenMarks {
  readonly watch: Watch<OpenCounts>;
  readonly close: () => void;
}

export interface OpenMarksOptions {
  readonly explain: Explain;
  /** Hears once of each row that cannot be read: its id where it has one, else its number. */
  readonly unreadable: (names: readonly string[]) => void;
}

/**
 * Keeps the count of what is open: read once, then kept by the feed, so that no tap counts the table anew.
 */
export function createOpenMarks(
  table: Table<AnyRow>,
  feed: MarkFeed,
  { explain, unreadable }: OpenMarksOptions,
): OpenMarks {
  const source = watchSource<OpenCounts>();
  const told = new Set<string>();
  let known: Reading | undefined;
  let reading = 0;
  let closed = false;

  async function read() {
    known = undefined;
    const turn = (reading += 1);
    try {
      const found = await readOpen(table);
      if (closed || turn !== reading) return;
      known = found;
      const news = found.unreadable.filter((name) => !told.has(name));
      for (const name of news) told.add(name);
      if (news.length > 0) unreadable(news);
      source.set(countsOf(found));
    } catch (error) {
      if (!closed && turn === reading) source.fail(explain(error));
    }
  }

  const unsubscribe = feed.subscribe((news) => {
    if (news.kind === 'refresh') {
      void read();
      return;
    }
    // While a reading runs, what is told is in it already.
    if (known === undefined) return;
    for (const mark of news.marks) follow(known, mark);
    source.set(countsOf(known));
  });
  void read();
  return {
    watch: source.watch,
    close: () => {
      closed = true;
      unsubscribe();
    },
  };
}

interface Reading {
  readonly open: Map<number, Mark>;
  lastConfirmedAt: number | undefined;
  readonly unreadable: readonly string[];
}

function follow(known: Reading, mark: Mark): void {
  if (isOpen(mark.state) || needsTeacher(mark)) known.open.set(mark.seq, mark);
  else known.open.delete(mark.seq);
  if (mark.state === 'CONFIRMED') {
    known.lastConfirmedAt = Math.max(known.lastConfirmedAt ?? 0, mark.settledAt ?? 0);
  }
}

const isOpen = (state: MarkState) => (openStates as readonly MarkState[]).includes(state);

async function readOpen(table: Table<AnyRow>): Promise<Reading> {
  return table.db.transaction('r!', table, async (transaction) => {
    const marks = transaction.table(table.name) as Table<AnyRow>;
    const rows = await marks
      .where('state')
      .anyOf([...openStates, 'REJECTED'])
      .toArray();
    rows.sort((a, b) => Number(a['seq']) - Number(b['seq']));
    const open = new Map<number, Mark>();
    const unreadable: string[] = [];
    for (const row of rows) {
      const mark = asMark(row);
      if (mark === undefined) unreadable.push(nameOf(row));
      else if (mark.state !== 'REJECTED' || needsTeacher(mark)) open.set(mark.seq, mark);
    }
    const counts = await Promise.all(markStates.map((state) => marks.where('state').equals(state).count()));
    // A row without one of the eight states stands in no index we ask; the total gives it away.
    if ((await marks.count()) !== counts.reduce((sum, count) => sum + count)) {
      const strange = await marks
        .filter((row) => !(markStates as readonly unknown[]).includes(row['state']))
        .toArray();
      unreadable.push(...strange.map(nameOf));
    }
    const [latest] = await marks.where('state').equals('CONFIRMED').reverse().limit(1).toArray();
    return { open, unreadable, lastConfirmedAt: asMark(latest)?.settledAt };
  });
}

function nameOf(row: AnyRow): string {
  return typeof row['id'] === 'string' ? row['id'] : `row ${Number(row['seq'])}`;
}

function countsOf({ open, unreadable, lastConfirmedAt }: Reading): OpenCounts {
  const count = { HELD: 0, QUEUED: 0, INFLIGHT: 0, UNKNOWN: 0, REJECTED: 0 };
  const waitingByLane = new Map<LaneId, number>();
  let oldest: Mark | undefined;
  let nextReleaseAt: number | undefined;
  for (const mark of open.values()) {
    count[mark.state as keyof typeof count] += 1;
    if (mark.state === 'REJECTED') continue;
    waitingByLane.set(mark.lane, (waitingByLane.get(mark.lane) ?? 0) + 1);
    if (oldest === undefined || mark.seq < oldest.seq) oldest = mark;
    if (mark.state === 'HELD' && mark.heldUntil !== null) {
      nextReleaseAt = Math.min(nextReleaseAt ?? Infinity, mark.heldUntil);
    }
  }
  const { HELD: held, QUEUED: queued, INFLIGHT: inflight, UNKNOWN: unknown } = count;
  return {
    held,
    queued,
    inflight,
    unknown,
    waiting: held + queued + inflight + unknown,
    needsTeacher: count.REJECTED,
    unreadable: unreadable.length,
    waitingByLane,
    oldest,
    nextReleaseAt,
    lastConfirmedAt,
  };
}
