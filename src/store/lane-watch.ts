import type { LaneId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { MarkFeed } from './mark-feed.ts';
import type { Explain } from './live-watch.ts';
import { viewMarks, type MarksView } from './marks-view.ts';
import { asMark, readable } from './rows.ts';
import type { AccountDatabase } from './schema.ts';
import type { Watch } from './watch.ts';

/** The marks of one lane, and which of them are new or different since the value before. */
export interface LaneMarks {
  /** All of them in every state, in order of `seq`. */
  readonly marks: readonly Mark[];
  /** In order of `seq`; the first time, all. A mark that did not change stays the same object. */
  readonly changed: readonly Mark[];
}

/** Watches the marks of a lane: read once, then kept by the feed, one row a tap. */
export function watchLaneMarks(
  db: AccountDatabase,
  feed: MarkFeed,
  lane: LaneId,
  explain: Explain,
): Watch<LaneMarks> {
  return {
    subscribe: (next, failed) => {
      const known = new Map<number, Mark>();
      let reading = 0;
      let ready = false;
      let ended = false;

      function publish(changed: readonly Mark[]) {
        const marks = [...known.values()].sort((a, b) => a.seq - b.seq);
        next({ marks, changed: [...changed].sort((a, b) => a.seq - b.seq) });
      }

      // What is told while a reading runs is in it: the database serves one after the other.
      async function read() {
        ready = false;
        const turn = (reading += 1);
        try {
          const marks = await viewMarks(db, (view) => readLane(view, lane));
          if (ended || turn !== reading) return;
          known.clear();
          for (const mark of marks) known.set(mark.seq, mark);
          ready = true;
          publish(marks);
        } catch (error) {
          if (!ended && turn === reading) failed?.(explain(error));
        }
      }

      const unsubscribe = feed.subscribe((news) => {
        if (news.kind === 'refresh') {
          void read();
          return;
        }
        const changed = news.marks.filter((mark) => mark.lane === lane);
        if (!ready || changed.length === 0) return;
        for (const mark of changed) known.set(mark.seq, mark);
        publish(changed);
      });
      void read();
      return () => {
        ended = true;
        unsubscribe();
      };
    },
  };
}

async function readLane(view: MarksView, lane: LaneId): Promise<Mark[]> {
  return readable(await view.laneRows(lane), asMark).sort((a, b) => a.seq - b.seq);
}
