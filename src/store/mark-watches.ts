import type { LaneId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import { watchLaneMarks, type LaneMarks } from './lane-watch.ts';
import { liveWatch, type Explain } from './live-watch.ts';
import { undoHistory, type UndoStep } from './marks/undo.ts';
import type { MarkFeed } from './mark-feed.ts';
import { rereadWatch } from './reread-watch.ts';
import type { OpenCounts } from './open-marks.ts';
import type { SyncStore } from './port.ts';
import type { Batch, Lane, LogEntry, Meta } from './records.ts';
import { asBatch, asLane, asLogEntry, asMark, asMeta, readable } from './rows.ts';
import type { AccountDatabase, AnyRow } from './schema.ts';
import type { Watch } from './watch.ts';

export interface OutboxPage {
  /** Newest first. */
  readonly marks: readonly Mark[];
  /** True when there are more than were asked for. */
  readonly more: boolean;
}

/** What screens see of marks and of their way to Canvas. */
export interface MarkWatches {
  /** Costs one row a tap, however many marks the lane has. */
  readonly lane: (lane: LaneId) => Watch<LaneMarks>;
  /** Costs nothing to watch: it is kept anyway. */
  readonly openCounts: Watch<OpenCounts>;
  readonly lanes: () => Watch<readonly Lane[]>;
  /** The newest marks in these states that are asked for, at most `limit`; ask for more to see more. */
  readonly outbox: (
    states: readonly MarkState[],
    limit: number,
    isAskedFor?: (mark: Mark) => boolean,
  ) => Watch<OutboxPage>;
  /** The latest gestures that can be undone, newest first. */
  readonly undo: (depth: number) => Watch<readonly UndoStep[]>;
  readonly openBatches: () => Watch<readonly Batch[]>;
  readonly meta: () => Watch<Meta | undefined>;
  /** For support: the latest entries first. */
  readonly log: (limit: number) => Watch<readonly LogEntry[]>;
}

export interface MarkWatchDeps {
  readonly db: AccountDatabase;
  readonly store: SyncStore;
  readonly feed: MarkFeed;
  readonly openCounts: Watch<OpenCounts>;
  readonly explain: Explain;
}

export function createMarkWatches({ db, store, feed, openCounts, explain }: MarkWatchDeps): MarkWatches {
  const marks = db.rows('marks');
  // Marks are not watched by Dexie: a tap goes past it (`shortest-add.ts`), and past its other tabs.
  const again = <T>(read: () => Promise<T>) => rereadWatch(feed, read, explain);
  const live = <T>(query: () => Promise<T>) => liveWatch(query, explain);
  return {
    lane: (lane) => watchLaneMarks(marks, feed, lane, explain),
    openCounts,
    lanes: () => live(async () => readable(await db.rows('lanes').toArray(), asLane)),
    outbox: (states, limit, isAskedFor = () => true) =>
      again(async () => {
        const found: Mark[] = [];
        // Before they are counted out: one that is asked for may stand behind any number of others.
        const isShown = (row: AnyRow) => {
          const mark = asMark(row);
          return mark !== undefined && isAskedFor(mark);
        };
        for (const state of states) {
          const rows = marks.where('state').equals(state).reverse().filter(isShown);
          found.push(...readable(await rows.limit(limit + 1).toArray(), asMark));
        }
        found.sort((a, b) => b.seq - a.seq);
        return { marks: found.slice(0, limit), more: found.length > limit };
      }),
    undo: (depth) => again(() => undoHistory(store, depth)),
    openBatches: () =>
      live(async () =>
        readable(await db.rows('batches').where('state').notEqual('closed').toArray(), asBatch),
      ),
    meta: () => live(async () => asMeta(await db.rows('meta').get('meta'))),
    log: (limit) =>
      live(async () => readable(await db.rows('log').reverse().limit(limit).toArray(), asLogEntry)),
  };
}
