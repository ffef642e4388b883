import { isBlank, isObject } from '../http/parameters.ts';
import { failure, type FieldError, invalid, rejected } from '../http/refusal.ts';
import type { Revision } from '../options.ts';
import type { Flag } from '../tables.ts';
import { parseAssessedAt } from './assessed-at.ts';
import { castPassed } from './passed.ts';

/** The results of one student within a request, in request order. */
export interface StudentResults {
  /** `links.user` as it was sent. */
  readonly user: unknown;
  readonly elements: readonly Readonly<Record<string, unknown>>[];
}

export interface ReadResult {
  readonly passed: Flag;
  readonly assessedAt: number;
}

/**
 * Groups results by the raw value of `links.user`, students in order of first appearance: `"15"` and `15`
 * are two groups (contract §1.6).
 * @throws Refusal 500 for an element, or links, that are no object (contract §1.7)
 */
export function groupByStudent(elements: readonly unknown[]): StudentResults[] {
  const groups = new Map<unknown, { user: unknown; elements: Readonly<Record<string, unknown>>[] }>();
  for (const element of elements) {
    if (!isObject(element)) throw failure();
    const user = rawUser(element['links']);
    const group = groups.get(user);
    if (group === undefined) groups.set(user, { user, elements: [element] });
    else group.elements.push(element);
  }
  return [...groups.values()];
}

/** Absent, null and false are alike "no user". */
function rawUser(links: unknown): unknown {
  if (links === undefined || links === null || links === false) return undefined;
  if (!isObject(links)) throw failure();
  const user = links['user'];
  return user === null || user === false ? undefined : user;
}

/**
 * One result out of what was sent.
 * @param timeZone for a time without offset
 * @throws Refusal 400 for what is missing, 422 for what is not valid, 500 for an unreadable time (§1.5, §1.7)
 */
export function readResult(
  element: Readonly<Record<string, unknown>>,
  timeZone: string,
  revision: Revision,
): ReadResult {
  const { passed, assessed_at: assessedAt } = element;
  if (revision === 'A') return readResultOfRevisionA(passed, assessedAt, timeZone);
  if (passed === undefined || passed === null) throw rejected('missing required key :passed');
  if (isBlank(assessedAt)) throw rejected('missing required key :assessed_at');
  const at = typeof assessedAt === 'string' ? parseAssessedAt(assessedAt, timeZone) : undefined;
  if (at === undefined) throw failure();
  const isPass = castPassed(passed);
  if (isPass === undefined) throw invalid([notIncluded]);
  return { passed: isPass ? 1 : 0, assessedAt: at };
}

/** Revision A leaves both to the model: one list of what is wrong, and an unreadable time is a blank one. */
function readResultOfRevisionA(passed: unknown, assessedAt: unknown, timeZone: string): ReadResult {
  const isPass = passed === undefined || passed === null ? undefined : castPassed(passed);
  const at = typeof assessedAt === 'string' ? parseAssessedAt(assessedAt, timeZone) : undefined;
  const errors: FieldError[] = [];
  if (isPass === undefined) errors.push(notIncluded);
  if (at === undefined) errors.push({ field: 'assessed_at', message: "can't be blank", error_code: 'blank' });
  if (isPass === undefined || at === undefined) throw invalid(errors);
  return { passed: isPass ? 1 : 0, assessedAt: at };
}

const notIncluded: FieldError = {
  field: 'passed',
  message: 'is not included in the list',
  error_code: 'inclusion',
};
