import type { CourseId, GroupId, SectionId } from './ids.ts';

/** What the signed-in person is in a course. */
export type CourseRole = 'teacher' | 'ta' | 'designer' | 'observer' | 'student';

/** The roles this app is for. A designer may create assessments but neither list nor read them (contract §1.4). */
export const teachingRoles = ['teacher', 'ta', 'designer'] as const satisfies readonly CourseRole[];

export interface Course {
  readonly id: CourseId;
  /** The teacher's nickname for the course where there is one. */
  readonly name: string;
  /** The official name, where a nickname hides it. */
  readonly originalName?: string;
  readonly code?: string;
  /** IANA zone, which decides what "today" is; null where Canvas names none. */
  readonly timeZone: string | null;
  readonly roles: readonly CourseRole[];
  readonly termName?: string;
  readonly studentCount?: number;
}

export interface Section {
  readonly id: SectionId;
  readonly course: CourseId;
  readonly name: string;
}

export interface Group {
  readonly id: GroupId;
  readonly course: CourseId;
  readonly name: string;
}

/** True when somebody with these roles can mark in the course at all. */
export function isTeachingStaff(roles: readonly CourseRole[]): boolean {
  return roles.some((role) => (teachingRoles as readonly CourseRole[]).includes(role));
}
