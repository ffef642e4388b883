import { MissingError, PermissionError } from '#canvas/errors.ts';
import type { Neighbours } from '#canvas/neighbours.ts';
import type { Group, Section } from '#domain/course.ts';
import type { CourseId, GroupId, UserId } from '#domain/ids.ts';
import type { Student } from '#domain/student.ts';

export interface ClassRead {
  readonly students: readonly Student[];
  readonly sections: readonly Section[];
  readonly groups: readonly Group[];
}

type Reader = Pick<Neighbours, 'listStudents' | 'listSections' | 'listGroups' | 'listGroupMembers'>;

/**
 * Reads a class whole: students with their sections and groups. Sections and groups are a help, not the class: where
 * Canvas keeps them to itself there are none.
 * @throws the CanvasError family when the students cannot be read
 */
export async function readClass(reader: Reader, course: CourseId): Promise<ClassRead> {
  const students = await reader.listStudents(course);
  const sections = await orNone(reader.listSections(course));
  const groups = await orNone(reader.listGroups(course));
  const members = new Map<UserId, GroupId[]>();
  // One after the other: a class has few groups, and Canvas counts parallel requests dearly.
  for (const { id } of groups) {
    for (const student of await orNone(reader.listGroupMembers(id))) {
      members.set(student, [...(members.get(student) ?? []), id]);
    }
  }
  return {
    students: students.map((student) => ({ ...student, groups: members.get(student.id) ?? [] })),
    sections,
    groups,
  };
}

async function orNone<T>(list: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof PermissionError || error instanceof MissingError) return [];
    throw error;
  }
}
