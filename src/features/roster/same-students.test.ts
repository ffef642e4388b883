import { expect, it } from 'vitest';
import type { GroupId, SectionId, UserId } from '#domain/ids.ts';
import type { Student } from '#domain/student.ts';
import { rosterStudentOf } from './arrange-roster.ts';
import { withSameStudents } from './same-students.ts';

function student(id: string, changes: Partial<Student> = {}) {
  const name = changes.name ?? `Student ${id}`;
  const names = { name, sortableName: name, shortName: name };
  return rosterStudentOf({ id: id as UserId, ...names, sections: [], groups: [], ...changes });
}
const before = [student('1'), student('2', { avatarUrl: '/tapmark/pictures/a', groups: ['7' as GroupId] })];

it('keeps a class in which nobody has changed', () => {
  const again = [student('1'), student('2', { avatarUrl: '/tapmark/pictures/a', groups: ['7' as GroupId] })];
  expect(withSameStudents(before, again)).toBe(before);
  expect(withSameStudents(undefined, again)).toBe(again);
});

it.each<[string, Partial<Student>]>([
  ['name', { name: 'Somebody' }],
  ['short name', { shortName: 'Mimi' }],
  ['picture', { avatarUrl: '/tapmark/pictures/b' }],
  ['section', { sections: ['5' as SectionId] }],
  ['group', { groups: ['8' as GroupId] }],
])('takes over a new %s, and leaves the others as they are', (_, changes) => {
  const now = [student('1', changes), before[1]!];
  const students = withSameStudents(before, now);
  expect(students[0]).toBe(now[0]);
  expect(students[1]).toBe(before[1]);
});

it('follows the order of the class', () => {
  expect(withSameStudents(before, [before[1]!, before[0]!]).map(({ id }) => id)).toEqual(['2', '1']);
  expect(withSameStudents(before, [before[1]!])).toEqual([before[1]]);
});
