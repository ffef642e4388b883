import type { Mark } from '#domain/mark.ts';
import type { WireAssessmentsRequest, WireResultsRequest } from './schemas.ts';

/**
 * The body of a POST of results: a pure function of the marks, so that its hash can be journalled before it is
 * sent. A student's marks stand together, students in order of first appearance, because that is the order in
 * which Canvas answers (canvas-contract §1.6).
 */
export function resultsBody(marks: readonly Pick<Mark, 'student' | 'passed' | 'assessedAt'>[]): string {
  const byStudent = new Map<string, WireResultsRequest['results'][number][]>();
  for (const { student, passed, assessedAt } of marks) {
    const row = { passed, assessed_at: assessedAt, links: { user: student } };
    const rows = byStudent.get(student);
    if (rows === undefined) byStudent.set(student, [row]);
    else rows.push(row);
  }
  const body: WireResultsRequest = { results: [...byStudent.values()].flat() };
  return JSON.stringify(body);
}

/** The body that finds or creates one assessment. One element a request, because of the alignment leak (§6.3). */
export function assessmentBody(assessment: { key: string; title: string; outcome?: string }): string {
  const { key, title, outcome } = assessment;
  const body: WireAssessmentsRequest = {
    assessments: [{ key, title, ...(outcome === undefined ? {} : { links: { outcome } }) }],
  };
  return JSON.stringify(body);
}
