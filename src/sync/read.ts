import type { ResultRow } from '#canvas/results-api.ts';
import type { AssessmentId, LaneId, UserId } from '#domain/ids.ts';

/** Whose rows a read was to show. */
export type Students = ReadonlySet<UserId> | 'all';

/** One read of a lane's rows, of all its pages as far as they came (sync protocol §9). */
export interface LaneRead {
  readonly lane: LaneId;
  readonly assessment: AssessmentId;
  /** The epoch in which it began. */
  readonly epoch: number;
  readonly students: Students;
  readonly rows: readonly ResultRow[];
  /** Only a complete read may conclude absence; any read may confirm. */
  readonly complete: boolean;
  /** Monotonic, ms, before the first request. */
  readonly beganMs: number;
  /** Monotonic, ms, after the last answer. */
  readonly endedMs: number;
  /** The gateway's stamp on the last answer. */
  readonly stamp?: string;
}

export function covers(students: Students, student: UserId): boolean {
  return students === 'all' || students.has(student);
}
