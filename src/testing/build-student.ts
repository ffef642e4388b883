import type { CourseId, UserId } from '#domain/ids.ts';
import type { Course } from '#domain/course.ts';
import type { Student } from '#domain/student.ts';

/** A student without section or group. */
export function buildStudent(id: string, changes: Partial<Student> = {}): Student {
  return {
    id: id as UserId,
    name: `Student ${id}`,
    sortableName: `${id}, Student`,
    shortName: `Student ${id}`,
    sections: [],
    groups: [],
    ...changes,
  };
}

/** A course taught by whoever looks. */
export function buildCourse(id: string, changes: Partial<Course> = {}): Course {
  return {
    id: id as CourseId,
    name: `Course ${id}`,
    timeZone: 'Europe/Paris',
    roles: ['teacher'],
    ...changes,
  };
}
