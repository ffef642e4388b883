import type { MeasuredSchool } from './school-places.ts';

/** Every place is given the same rows: of this many assessments in turn, as of a morning's lessons, and ten students. */
export const ASSESSMENTS = 100;
export const studentOf = (n: number) => 1002 + (n % 10);

export function resultsOf(school: MeasuredSchool, assessment: number): string {
  return `${school.address}/api/v1/courses/101/live_assessments/${String(assessment)}/results`;
}

/** A request with so many results. */
export function bodyOf(size: number): string {
  const results = Array.from({ length: size }, (_, n) => ({
    passed: n % 3 !== 0,
    assessed_at: '2026-09-01T08:00:00Z',
    links: { user: String(studentOf(n)) },
  }));
  return JSON.stringify({ results });
}
