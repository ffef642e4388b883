import type { AssessmentKey, CourseId, LaneId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import { needsTeacher } from '#store/marks/rejected.ts';
import type { MarkWatches, OutboxPage } from '#store/mark-watches.ts';
import type { Lane } from '#store/records.ts';
import type { Watch } from '#store/watch.ts';
import { gateWords } from './gate-words.ts';
import type { OutboxFilter } from './outbox-address.ts';

export const filterNames: Record<OutboxFilter, string> = {
  waiting: 'Waiting',
  'needs-you': 'Needs you',
  'in-canvas': 'In Canvas',
  'set-aside': 'Set aside',
};

/** The states a filter looks into; `isAskedFor` decides within them. */
const filterStates: Record<OutboxFilter, readonly MarkState[]> = {
  waiting: ['HELD', 'QUEUED', 'INFLIGHT', 'UNKNOWN'],
  'needs-you': ['REJECTED'],
  'in-canvas': ['CONFIRMED'],
  'set-aside': ['REJECTED', 'WITHDRAWN', 'HANDED_OVER'],
};

function isAskedFor(mark: Mark, filter: OutboxFilter): boolean {
  return mark.state !== 'REJECTED' || needsTeacher(mark) === (filter === 'needs-you');
}

/** The newest marks of a filter, at most `limit`: those of another filter take no place among them. */
export function watchFilter(
  { outbox }: Pick<MarkWatches, 'outbox'>,
  filter: OutboxFilter,
  limit: number,
): Watch<OutboxPage> {
  return outbox(filterStates[filter], limit, (mark) => isAskedFor(mark, filter));
}

export interface OutboxGroup {
  readonly lane: LaneId;
  readonly course: CourseId;
  readonly assessmentKey: AssessmentKey;
  /** Newest first; none where the class and assessment as a whole needs somebody. */
  readonly marks: readonly Mark[];
}

/** Marks by class and assessment, the group of the newest mark first. */
export function groupMarks(marks: readonly Mark[]): readonly OutboxGroup[] {
  const groups = new Map<LaneId, Mark[]>();
  for (const mark of marks) {
    const group = groups.get(mark.lane);
    if (group === undefined) groups.set(mark.lane, [mark]);
    else group.push(mark);
  }
  return [...groups].flatMap(([lane, list]) => {
    const [first] = list;
    return first === undefined
      ? []
      : [{ lane, course: first.course, assessmentKey: first.assessmentKey, marks: list }];
  });
}

/** Classes and assessments whose marks stand still until somebody acts. */
export function stuckLanes(
  lanes: readonly Lane[],
  waitingByLane: ReadonlyMap<LaneId, number>,
): readonly OutboxGroup[] {
  return lanes
    .filter((lane) => waitingByLane.has(lane.id) && gateWords(lane) !== undefined)
    .map(({ id }) => {
      const slash = id.indexOf('/');
      const course = id.slice(0, slash) as CourseId;
      return { lane: id, course, assessmentKey: id.slice(slash + 1) as AssessmentKey, marks: [] };
    });
}
