import * as v from 'valibot';
import { assessmentsEnvelope, resultsEnvelope } from '#canvas/schemas.ts';
import type { Person, Reply } from './subject.ts';

let keys = 0;

/** A key nobody has used: tests share a school. */
export function freshKey(): string {
  keys += 1;
  return `2026-09-01,test_${String(keys)}_${crypto.randomUUID()}`;
}

export function assessmentsPath(course: string): string {
  return `/api/v1/courses/${course}/live_assessments`;
}

export function resultsPath(course: string, assessment: string): string {
  return `${assessmentsPath(course)}/${assessment}/results`;
}

/** Makes an assessment in the name of a person and gives its id. */
export async function makeAssessment(
  person: Person,
  course: string,
  rest: { key?: string; title?: string; outcome?: unknown } = {},
): Promise<string> {
  const { key = freshKey(), title = 'Tuesday', outcome } = rest;
  const links = outcome === undefined ? {} : { links: { outcome } };
  const reply = await person.post(assessmentsPath(course), { assessments: [{ key, title, ...links }] });
  const id = assessmentsIn(reply)[0]?.id;
  if (id === undefined) throw new Error(`no assessment was made: ${reply.text}`);
  return id;
}

/** One result as a client sends it. */
export function result(user: unknown, rest: Readonly<Record<string, unknown>> = {}) {
  return { passed: true, assessed_at: '2026-09-01T08:00:00Z', ...rest, links: { user } };
}

export function assessmentsIn(reply: Reply) {
  return v.parse(assessmentsEnvelope, reply.body).assessments;
}

export function resultsIn(reply: Reply) {
  return v.parse(resultsEnvelope, reply.body).results;
}

/** Every row of an assessment, over all pages, in order of id. */
export async function storedResults(person: Person, course: string, assessment: string) {
  const rows: ReturnType<typeof resultsIn> = [];
  for (let page = 1; ; page += 1) {
    const path = `${resultsPath(course, assessment)}?per_page=100&page=${String(page)}`;
    const some = resultsIn(await person.get(path));
    if (some.length === 0) return rows;
    rows.push(...some);
  }
}
