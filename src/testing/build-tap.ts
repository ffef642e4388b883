import type { AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import { stampTap, type NewMark } from '#store/marks/create.ts';

let taps = 0;

/** A tap of the teacher 7 on student 101, with an id of its own, at nine o'clock unless `changes` say otherwise. */
export function buildTap(changes: Partial<NewMark> = {}): NewMark {
  taps += 1;
  const heldAt = changes.heldAt ?? nineOClock;
  return {
    id: `tap-${taps}` as MarkId,
    course: '11' as CourseId,
    assessmentKey: '2026-11-23,outcome_5' as AssessmentKey,
    student: '101' as UserId,
    assessor: '7' as UserId,
    passed: true,
    heldUntil: heldAt + 120_000,
    ...stampTap(heldAt, 0),
    ...changes,
  };
}

/** Device time, ms, at which tests happen. */
export const nineOClock = Date.UTC(2026, 10, 23, 9);
