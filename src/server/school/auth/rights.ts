import type { Kysely } from 'kysely';
import type { CourseRow, EnrollmentType, SchoolTables, UserRow } from '../tables.ts';

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

/** Everything this person may do in this course. */
export async function rightsIn(
  db: Kysely<SchoolTables>,
  user: UserRow,
  course: CourseRow,
): Promise<ReadonlySet<Right>> {
  if (user.isAdmin === 1) return new Set(teacher);
  const enrollments = await db
    .selectFrom('enrollments')
    .select(['type', 'state'])
    .where('courseId', '=', course.id)
    .where('userId', '=', user.id)
    .where('state', 'in', ['active', 'completed'])
    .execute();
  const rights = new Set<Right>();
  for (const { type, state } of enrollments) {
    if (course.workflowState === 'unpublished' && isLearner(type)) continue;
    const isOver = state === 'completed' || course.workflowState === 'completed';
    for (const right of rightsOf[type]) {
      if (!isOver || lasting.includes(right)) rights.add(right);
    }
  }
  return rights;
}

/** Learners see a course only once it is published. */
function isLearner(type: EnrollmentType): boolean {
  return type === 'StudentEnrollment' || type === 'ObserverEnrollment' || type === 'StudentViewEnrollment';
}
