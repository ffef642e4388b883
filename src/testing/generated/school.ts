import type { AssessmentKey, CourseId, UserId } from '#domain/ids.ts';

/* Who is there, and what is marked. Few of each, so that commands meet. */

export const teacher = '7' as UserId;
export const colleague = '8' as UserId;
export const courses = ['11', '12'] as readonly string[] as readonly CourseId[];
export const students = ['101', '102', '103', '104'] as readonly string[] as readonly UserId[];
export const assessmentKey = '2026-11-23,outcome_5' as AssessmentKey;
