import type { LaneId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import { needsTeacher } from '#store/marks/rejected.ts';

/** What the outbox can be asked for. */
export const outboxFilters = ['waiting', 'needs-you', 'in-canvas', 'set-aside'] as const;
export type OutboxFilter = (typeof outboxFilters)[number];

export const filterNames: Record<OutboxFilter, string> = {
  waiting: 'Waiting',
  'needs-you': 'Needs you',
  'in-canvas': 'In Canvas',
  'set-aside': 'Set aside',
};

/** The states a filter looks into; `isAskedFor` decides within them. */
export const filterStates: Record<OutboxFilter, readonly MarkState[]> = {
  waiting: ['HELD', 'QUEUED', 'INFLIGHT', 'UNKNOWN'],
  'needs-you': ['REJECTED'],
  'in-canvas': ['CONFIRMED'],
  'set-aside': ['REJECTED', 'WITHDRAWN', 'HANDED_OVER'],
};

function isAskedFor(mark: Mark, filter: OutboxFilter): boolean {
  return mark.state !== 'REJECTED' || needsTeacher(mark) === (filter === 'needs-you');
}

export interface OutboxGroup {
  readonly lane: LaneId;
  /** Newest first. */
  readonly marks: readonly Mark[];
}

/** The marks of a filter by class and assessment, the group of the newest mark first. */
export function groupMarks(marks: readonly Mark[], filter: OutboxFilter): readonly OutboxGroup[] {
  const groups = new Map<LaneId, Mark[]>();
  for (const mark of marks) {
    if (!isAskedFor(mark, filter)) continue;
    const group = groups.get(mark.lane);
    if (group === undefined) groups.set(mark.lane, [mark]);
    else group.push(mark);
  }
  return [...groups].map(([lane, list]) => ({ lane, marks: list }));
}
