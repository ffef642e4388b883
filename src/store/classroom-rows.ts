import type { ClassRecord, CourseRecord, LocalAssessment, OutcomesRecord } from './classroom.ts';
import type { AnyRow } from './schema.ts';

/*
 * A damaged class or course counts as not read yet: unlike a mark it can be had from Canvas again.
 */

export function asCourse(row: AnyRow | undefined): CourseRecord | undefined {
  const fits = row !== undefined && isText(row['name']) && Array.isArray(row['roles']);
  return fits ? (row as unknown as CourseRecord) : undefined;
}

export function asClass(row: AnyRow | undefined): ClassRecord | undefined {
  const fits =
    row !== undefined &&
    isListOf(row['students'], isPerson) &&
    isListOf(row['former'], isPerson) &&
    isListOf(row['sections'], isNamed) &&
    isListOf(row['groups'], isNamed);
  return fits ? (row as unknown as ClassRecord) : undefined;
}

export function asOutcomes(row: AnyRow | undefined): OutcomesRecord | undefined {
  const fits = row !== undefined && isListOf(row['outcomes'], (outcome) => isText(outcome['title']));
  return fits ? (row as unknown as OutcomesRecord) : undefined;
}

export function asAssessment(row: AnyRow | undefined): LocalAssessment | undefined {
  const fits =
    row !== undefined && ['lane', 'course', 'key', 'title', 'date'].every((field) => isText(row[field]));
  return fits ? (row as unknown as LocalAssessment) : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isNamed(row: AnyRow): boolean {
  return isText(row['id']) && isText(row['name']);
}

function isPerson(row: AnyRow): boolean {
  return (
    isNamed(row) &&
    isText(row['sortableName']) &&
    Array.isArray(row['sections']) &&
    Array.isArray(row['groups'])
  );
}

function isListOf(value: unknown, test: (row: AnyRow) => boolean): boolean {
  return (
    Array.isArray(value) &&
    value.every((row: unknown) => typeof row === 'object' && row !== null && test(row as AnyRow))
  );
}
