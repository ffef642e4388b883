import type { Branded } from '#lib/ids.ts';

/*
 * Canvas ids are 64-bit and exceed 2^53 in practice (canvas-contract §3.3), so every id here is an
 * opaque decimal string and is never turned into a number.
 */
export type CourseId = Branded<'Course'>;
export type SectionId = Branded<'Section'>;
export type GroupId = Branded<'Group'>;
export type OutcomeId = Branded<'Outcome'>;
export type AssessmentId = Branded<'Assessment'>;
export type ResultId = Branded<'Result'>;
/** A Canvas user in any role: a student who is marked, or the assessor who marks. */
export type UserId = Branded<'User'>;

/** One tap. A UUID made at the pointer event, so that one tap delivered twice is one mark. */
export type MarkId = Branded<'Mark'>;
export type BatchId = Branded<'Batch'>;
export type AttemptId = Branded<'Attempt'>;
/** This installation of the app in this browser. */
export type InstallationId = Branded<'Installation'>;
/** What Canvas stores as a live assessment's `key`: `YYYY-MM-DD,outcome_ID`, or `YYYY-MM-DD,title_…`. */
export type AssessmentKey = Branded<'AssessmentKey'>;
/** One course and one assessment key: `<course>/<key>`. Marks of a lane are sent to one assessment. */
export type LaneId = Branded<'Lane'>;
/** Canvas host and user: `<host>/<user>`. Each account has a database of its own. */
export type AccountId = Branded<'Account'>;

/** A Canvas id as text: decimal, no sign, no leading zero, within 64 bits' length. Equal ids are equal strings. */
const canvasIdPattern = /^[1-9]\d{0,19}$/;

/** True when text from outside (an address, a file) has the form of a Canvas id. */
export function isCanvasId(text: string): boolean {
  return canvasIdPattern.test(text);
}
