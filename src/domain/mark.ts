import type { Second } from './instant.ts';
import type { AssessmentKey, BatchId, CourseId, LaneId, MarkId, ResultId, UserId } from './ids.ts';

/** Where a mark stands (sync protocol §6). */
export type MarkState =
  'HELD' | 'QUEUED' | 'INFLIGHT' | 'UNKNOWN' | 'CONFIRMED' | 'REJECTED' | 'WITHDRAWN' | 'HANDED_OVER';

/** The states in which a mark is still on its way: it is not in Canvas and not set aside. */
export const openStates = ['HELD', 'QUEUED', 'INFLIGHT', 'UNKNOWN'] as const satisfies readonly MarkState[];

/** `verified`: the device's clock was compared with the server's; `unverified`: device time alone. */
export type ClockQuality = 'verified' | 'unverified';

/** Where a mark was made: on this device, or taken over from another device's rescue file (T16). */
export type MarkOrigin = 'here' | 'rescue-file';

/** One tap: a pass or fail of one student in one assessment. `passed` and what makes up `u` never change. */
export interface Mark {
  /** Local order of creation; given by the store. */
  readonly seq: number;
  readonly id: MarkId;
  /** Identity U of sync protocol §4, unique on this device: see `identityOf`. */
  readonly u: string;
  readonly lane: LaneId;
  readonly course: CourseId;
  readonly assessmentKey: AssessmentKey;
  readonly student: UserId;
  readonly assessor: UserId;
  readonly passed: boolean;
  readonly assessedAt: Second;
  readonly state: MarkState;
  /** Device time of the tap, ms: bounds the hold-back when the clock is set back. */
  readonly heldAt: number;
  /** Device time, ms, when HOLD is over; null: until the end of the round. */
  readonly heldUntil: number | null;
  readonly clockQuality: ClockQuality;
  readonly origin: MarkOrigin;
  /** True once any attempt carried it: then it can no longer be withdrawn (T3). */
  readonly attempted: boolean;
  readonly batchId?: BatchId;
  /** The row that confirms it. One row confirms one mark. */
  readonly rowId?: ResultId;
  readonly via?: 'answer' | 'read';
  /** Device time, ms, when it was confirmed, rejected, withdrawn or handed over. */
  readonly settledAt?: number;
  /** Why it was refused, as Canvas put it; shown, never matched. */
  readonly reason?: string;
  /** How a REJECTED mark was settled by the teacher: retried or given away as a new mark, or discarded. */
  readonly resolution?: {
    readonly kind: 'retried' | 'reassigned' | 'discarded';
    readonly note: string;
    readonly at: number;
  };
  readonly duplicateRowIds?: readonly ResultId[];
  /** Marks created by one gesture ("pass the rest") share it, and are undone as one. */
  readonly gesture?: string;
  /** The mark that this one took the place of, unsent (T3 and T1 in one): undoing this one brings that one back. */
  readonly replaces?: MarkId;
  /** The rescue file it was written to (T15) or taken from (T16). */
  readonly fileId?: string;
  readonly protocolVersion: number;
}

/** The lane of a mark. */
export function laneOf(course: CourseId, key: AssessmentKey): LaneId {
  return `${course}/${key}` as LaneId;
}

/** Identity U of sync protocol §4. */
export function identityOf(mark: Pick<Mark, 'lane' | 'student' | 'assessor' | 'assessedAt'>): string {
  return `${mark.lane}|${mark.student}|${mark.assessor}|${mark.assessedAt}`;
}
