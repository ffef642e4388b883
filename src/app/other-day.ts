import { dayOfKey, outcomeOfKey } from '#domain/assessment-key.ts';
import type { Outcome } from '#domain/outcome.ts';
import type { Beginning } from '#features/assessments/use-begin.ts';
import type { LocalAssessment } from '#store/classroom.ts';

const dayMs = 86_400_000;

/**
 * Whose lesson this is, when it is not today's: "This is Monday’s lesson."
 * @param day of the lesson @param today both `YYYY-MM-DD`, in the course's zone
 * @returns undefined on the lesson's own day
 */
export function otherDayWords(day: string, today: string, locale?: string): string | undefined {
  if (day === today) return undefined;
  const at = Date.parse(day);
  const days = (Date.parse(today) - at) / dayMs;
  const words = (format: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...format, timeZone: 'UTC' }).format(at);
  if (days > 0 && days < 7) return `This is ${words({ weekday: 'long' })}’s lesson.`;
  return `This is the lesson of ${words({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })}.`;
}

/** What begins the same lesson again on another day; undefined where that is for the teacher to choose. */
export function sameAgain(assessment: LocalAssessment, outcomes: readonly Outcome[]): Beginning | undefined {
  const { key, title } = assessment;
  const id = assessment.outcomeId ?? outcomeOfKey(key);
  const outcome = outcomes.find((one) => one.id === id);
  if (outcome !== undefined) return { kind: 'outcome', outcome };
  return key.startsWith(`${dayOfKey(key) ?? ''},title_`) ? { kind: 'title', title } : undefined;
}
