import type { RosterStudent } from './arrange-roster.ts';

/**
 * A class that was read again, with whoever is as before as the same object: only tiles that have something new to
 * show are drawn anew.
 * @returns `before` itself when nothing about anybody has changed
 */
export function withSameStudents(
  before: readonly RosterStudent[] | undefined,
  now: readonly RosterStudent[],
): readonly RosterStudent[] {
  if (before === undefined) return now;
  const known = new Map(before.map((student) => [student.id, student]));
  const students = now.map((student) => {
    const same = known.get(student.id);
    return same !== undefined && isSame(same, student) ? same : student;
  });
  const isAsBefore = students.length === before.length && students.every((each, n) => each === before[n]);
  return isAsBefore ? before : students;
}

function isSame(a: RosterStudent, b: RosterStudent): boolean {
  return (
    a.name === b.name &&
    a.first === b.first &&
    a.rest === b.rest &&
    a.initials === b.initials &&
    a.searchText === b.searchText &&
    a.picture === b.picture &&
    isSameList(a.sections, b.sections) &&
    isSameList(a.groups, b.groups)
  );
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, n) => each === b[n]);
}
