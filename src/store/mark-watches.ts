import type { LaneId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import { watchLaneMarks, type LaneMarks } from './lane-watch.ts';
import { liveWatch, type Explain } from './live-watch.ts';
import { undoHistory, type UndoStep } from './marks/undo.ts';
import type { MarkFeed } from './mark-feed.ts';
import { viewMarks } from './marks-view.ts';
import { rereadWatch } from './reread-watch.ts';
import type { OpenCounts } from './open-marks.ts';
import type { SyncStore } from './port.ts';
import type { Batch, Lane, LogEntry, Meta } from './records.ts';
import { asBatch, asLane, asLogEntry, asMeta, readable } from './rows.ts';
import type { AccountDatabase } from './schema.ts';
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
  // Marks are not watched by Dexie: a tap goes past it (`shortest-add.ts`), and past its other tabs.
  const again = <T>(read: () => Promise<T>) => rereadWatch(feed, read, explain);
  const live = <T>(query: () => Promise<T>) => liveWatch(query, explain);
  return {
    lane: (lane) => watchLaneMarks(db, feed, lane, explain),
    openCounts,
    lanes: () => live(async () => readable(await db.rows('lanes').toArray(), asLane)),
    outbox: (states, limit, isAskedFor = () => true) =>
      again(async () => {
        // Before they are counted out: one that is asked for may stand behind any number of others.
        const found = await viewMarks(db, (view) =>
          Promise.all(states.map((state) => view.newest(state, limit + 1, isAskedFor))),
        );
        const marks = found.flat().sort((a, b) => b.seq - a.seq);
        return { marks: marks.slice(0, limit), more: marks.length > limit };
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
