import type { Kysely } from 'kysely';
import { prepare } from '../../database/prepare.ts';
import type { School } from '../school-parts.ts';
import type { CourseRow, EnrollmentType, SchoolTables, UserRow } from '../tables.ts';
import { standingOf } from './standing.ts';

/** What Canvas's permission registry allows by role and course (contract §1.4, default roles). */
export type Right =
  | 'read'
  | 'read_roster'
  | 'view_all_grades'
  | 'manage_grades'
  | 'manage_assignments_add'
  | 'manage_assignments_edit'
  | 'manage_outcomes';

/** What stays when the course, or the person's part in it, is over: looking, not changing. */
const lasting: readonly Right[] = ['read', 'read_roster', 'view_all_grades'];

const teacher: readonly Right[] = [
  'read',
  'read_roster',
  'view_all_grades',
  'manage_grades',
  'manage_assignments_add',
  'manage_assignments_edit',
  'manage_outcomes',
];

const rightsOf: Readonly<Record<EnrollmentType, readonly Right[]>> = {
  TeacherEnrollment: teacher,
  TaEnrollment: teacher.filter((right) => right !== 'manage_outcomes'),
  DesignerEnrollment: [
    'read',
    'read_roster',
    'manage_assignments_add',
    'manage_assignments_edit',
    'manage_outcomes',
  ],
  StudentEnrollment: ['read', 'read_roster'],
  ObserverEnrollment: ['read'],
  StudentViewEnrollment: [],
};

/** The places of a person in a course, with the dates that open and close them. */
const placesOf = prepare(
  (db: Kysely<SchoolTables>, { userId, courseId }: { userId: string; courseId: string }) =>
    db
      .selectFrom('enrollments')
      .innerJoin('sections', 'sections.id', 'enrollments.sectionId')
      .innerJoin('courses', 'courses.id', 'enrollments.courseId')
      .innerJoin('terms', 'terms.id', 'courses.termId')
      .select(['type', 'state', 'enrollments.startAt', 'enrollments.endAt'])
      .select(['sections.startAt as sectionStart', 'sections.endAt as sectionEnd'])
      .select(['sections.restrictsToDates', 'terms.startAt as termStart', 'terms.endAt as termEnd'])
      .where('enrollments.courseId', '=', courseId)
      .where('userId', '=', userId)
      .where('state', 'in', ['active', 'completed']),
);

/** Everything this person may do in this course at this moment. */
export async function rightsIn(
  { db, clock }: School,
  user: UserRow,
  course: CourseRow,
): Promise<ReadonlySet<Right>> {
  if (user.isAdmin === 1) return new Set(teacher);
  const enrollments = await placesOf(db, { userId: user.id, courseId: course.id });
  const rights = new Set<Right>();
  for (const enrollment of enrollments) {
    const { type, sectionStart: startAt, sectionEnd: endAt, restrictsToDates } = enrollment;
    const section = { startAt, endAt, restrictsToDates };
    const term = { startAt: enrollment.termStart, endAt: enrollment.termEnd };
    const standing = standingOf({ enrollment, section, course, term }, clock.wallMs());
    // Learners see a course only once it is published and has begun; staff prepare it.
    if (isLearner(type) && (course.workflowState === 'unpublished' || standing === 'coming')) continue;
    for (const right of rightsOf[type]) {
      if (standing !== 'over' || lasting.includes(right)) rights.add(right);
    }
  }
  return rights;
}

/** Whether somebody comes to learn, or to watch: what is being prepared is not shown to them. */
export function isLearner(type: EnrollmentType): boolean {
  return type === 'StudentEnrollment' || type === 'ObserverEnrollment' || type === 'StudentViewEnrollment';
}
