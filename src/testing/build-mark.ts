import type { AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import { secondOf } from '#domain/instant.ts';
import { identityOf, laneOf, type Mark } from '#domain/mark.ts';

let built = 0;

/** A new mark as T1 writes it, with an id and a second of its own; `changes` go on top. */
export function buildMark(changes: Partial<Omit<Mark, 'seq'>> = {}): Omit<Mark, 'seq'> {
  built += 1;
  const course = changes.course ?? ('11' as CourseId);
  const assessmentKey = changes.assessmentKey ?? ('2026-11-23,outcome_5' as AssessmentKey);
  const heldAt = changes.heldAt ?? Date.UTC(2026, 10, 23, 9) + built * 1000;
  const mark = {
    id: `mark-${built}` as MarkId,
    lane: laneOf(course, assessmentKey),
    course,
    assessmentKey,
    student: '101' as UserId,
    assessor: '7' as UserId,
    passed: true,
    assessedAt: secondOf(heldAt),
    state: 'HELD' as const,
    heldAt,
    heldUntil: heldAt + 120_000,
    clockQuality: 'verified' as const,
    origin: 'here' as const,
    attempted: false,
    protocolVersion: 1,
    ...changes,
  };
  return { ...mark, u: identityOf(mark), ...(changes.u === undefined ? {} : { u: changes.u }) };
}
