import { describe, expect, it } from 'vitest';
import { NetworkError, PermissionError } from '#canvas/errors.ts';
import type { CourseId, GroupId, UserId } from '#domain/ids.ts';
import type { Student } from '#domain/student.ts';
import { readClass } from './read-class.ts';

const course = '7' as CourseId;
const ada = student('1', 'Ada');
const noor = student('2', 'Noor');
const reds = { id: '5' as GroupId, course, name: 'Reds' };
const blues = { id: '6' as GroupId, course, name: 'Blues' };

function student(id: string, name: string): Student {
  return { id: id as UserId, name, sortableName: name, shortName: name, sections: [], groups: [] };
}

const school: Parameters<typeof readClass>[0] = {
  listStudents: () => Promise.resolve([ada, noor]),
  listSections: () => Promise.resolve([]),
  listGroups: () => Promise.resolve([reds, blues]),
  listGroupMembers: (group) => Promise.resolve(group === reds.id ? [ada.id, noor.id] : [noor.id]),
};

describe('reading a class', () => {
  it('gives every student the groups they are in', async () => {
    const { students } = await readClass(school, course);
    expect(students.map(({ groups }) => groups)).toEqual([[reds.id], [reds.id, blues.id]]);
  });

  it('has no groups where Canvas does not show them', async () => {
    const listGroups = () => Promise.reject(new PermissionError('no'));
    const { students, groups } = await readClass({ ...school, listGroups }, course);
    expect(groups).toEqual([]);
    expect(students).toHaveLength(2);
  });

  it('fails as a whole when the network goes half way, so that nothing known is overwritten', async () => {
    const listGroupMembers = () => Promise.reject(new NetworkError('gone'));
    await expect(readClass({ ...school, listGroupMembers }, course)).rejects.toBeInstanceOf(NetworkError);
  });

  it('fails when the students may not be read', async () => {
    const listStudents = () => Promise.reject(new PermissionError('no'));
    await expect(readClass({ ...school, listStudents }, course)).rejects.toBeInstanceOf(PermissionError);
  });
});
