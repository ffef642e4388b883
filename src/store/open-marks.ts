import type { LaneId } from '#domain/ids.ts';
import { openStates, type Mark, type MarkState } from '#domain/mark.ts';
import type { Explain } from './live-watch.ts';
import { needsTeacher } from './marks/rejected.ts';
import type { MarkFeed } from './mark-feed.ts';
import { viewMarks, type MarksView } from './marks-view.ts';
import { asMark } from './rows.ts';
import type { AccountDatabase, AnyRow } from './schema.ts';
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
  db: AccountDatabase,
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
      const found = await viewMarks(db, readOpen);
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
  /** In order of `seq`, unless `isOrdered` says otherwise: marks that come back stand at the end at first. */
  readonly open: Map<number, Mark>;
  isOrdered: boolean;
  newestSeq: number;
  /** Of `open`, kept with every mark, so that a tap costs the same however many marks there are. */
  readonly tally: Tally;
  lastConfirmedAt: number | undefined;
  readonly unreadable: readonly string[];
}

interface Tally {
  readonly states: Record<'HELD' | 'QUEUED' | 'INFLIGHT' | 'UNKNOWN' | 'REJECTED', number>;
  readonly waitingByLane: Map<LaneId, number>;
  /** `stale`: the mark that would have gone first is gone; who is next takes a look at all. */
  nextReleaseAt: number | 'stale' | undefined;
}

function follow(known: Reading, mark: Mark): void {
  const before = known.open.get(mark.seq);
  if (before !== undefined) count(known.tally, before, -1);
  if (isOpen(mark.state) || needsTeacher(mark)) {
    if (before === undefined && mark.seq < known.newestSeq) known.isOrdered = false;
    known.newestSeq = Math.max(known.newestSeq, mark.seq);
    known.open.set(mark.seq, mark);
    count(known.tally, mark, 1);
  } else known.open.delete(mark.seq);
  if (mark.state === 'CONFIRMED') {
    known.lastConfirmedAt = Math.max(known.lastConfirmedAt ?? 0, mark.settledAt ?? 0);
  }
}

function count(tally: Tally, mark: Mark, by: 1 | -1): void {
  tally.states[mark.state as keyof Tally['states']] += by;
  if (mark.state === 'REJECTED') return;
  const left = (tally.waitingByLane.get(mark.lane) ?? 0) + by;
  if (left > 0) tally.waitingByLane.set(mark.lane, left);
  else tally.waitingByLane.delete(mark.lane);
  if (mark.state !== 'HELD' || mark.heldUntil === null || tally.nextReleaseAt === 'stale') return;
  if (by === 1) tally.nextReleaseAt = Math.min(tally.nextReleaseAt ?? Infinity, mark.heldUntil);
  else if (mark.heldUntil === tally.nextReleaseAt) tally.nextReleaseAt = 'stale';
}

const isOpen = (state: MarkState) => (openStates as readonly MarkState[]).includes(state);

async function readOpen(view: MarksView): Promise<Reading> {
  const rows = await view.stateRows([...openStates, 'REJECTED']);
  rows.sort((a, b) => Number(a['seq']) - Number(b['seq']));
  const open = new Map<number, Mark>();
  const unreadable = await view.unreadable();
  for (const row of rows) {
    const mark = asMark(row);
    if (mark === undefined) unreadable.push(nameOf(row));
    else if (mark.state !== 'REJECTED' || needsTeacher(mark)) open.set(mark.seq, mark);
  }
  unreadable.push(...(await view.strangeRows()).map(nameOf));
  const [latest] = await view.select({ state: 'CONFIRMED', limit: 1, newestFirst: true });
  const newestSeq = Math.max(0, ...[...open.keys()].slice(-1));
  const lastConfirmedAt = latest?.settledAt;
  return { open, isOrdered: true, newestSeq, tally: tallyOf(open), unreadable, lastConfirmedAt };
}

function nameOf(row: AnyRow): string {
  return typeof row['id'] === 'string' ? row['id'] : `row ${Number(row['seq'])}`;
}

function tallyOf(open: ReadonlyMap<number, Mark>): Tally {
  const states = { HELD: 0, QUEUED: 0, INFLIGHT: 0, UNKNOWN: 0, REJECTED: 0 };
  const tally: Tally = { states, waitingByLane: new Map(), nextReleaseAt: undefined };
  for (const mark of open.values()) count(tally, mark, 1);
  return tally;
}

function countsOf(known: Reading): OpenCounts {
  const { open, tally, unreadable, lastConfirmedAt } = known;
  const {
    HELD: held,
    QUEUED: queued,
    INFLIGHT: inflight,
    UNKNOWN: unknown,
    REJECTED: refused,
  } = tally.states;
  if (!known.isOrdered) order(known);
  const next = tally.nextReleaseAt === 'stale' ? tallyOf(open).nextReleaseAt : tally.nextReleaseAt;
  tally.nextReleaseAt = next;
  return {
    held,
    queued,
    inflight,
    unknown,
    waiting: held + queued + inflight + unknown,
    needsTeacher: refused,
    unreadable: unreadable.length,
    waitingByLane: new Map(tally.waitingByLane),
    oldest: oldestOf(open),
    nextReleaseAt: next === 'stale' ? undefined : next,
    lastConfirmedAt,
  };
}

function order(known: Reading): void {
  const marks = [...known.open.values()].sort((a, b) => a.seq - b.seq);
  known.open.clear();
  for (const mark of marks) known.open.set(mark.seq, mark);
  known.isOrdered = true;
}

/** Those before it were refused, and those are few. */
function oldestOf(open: ReadonlyMap<number, Mark>): Mark | undefined {
  for (const mark of open.values()) if (mark.state !== 'REJECTED') return mark;
  return undefined;
}
