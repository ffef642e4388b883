import type { Kysely } from 'kysely';
import { prepare } from '../../database/prepare.ts';
import type { School } from '../school-parts.ts';
import type { CourseRow, EnrollmentState, EnrollmentType, Flag, SchoolTables } from '../tables.ts';
import type { CallingUser } from './access-tokens.ts';
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

/** A place of somebody in a course, with the dates that open and close it. */
export interface Place {
  readonly type: EnrollmentType;
  readonly state: EnrollmentState;
  readonly placeStart: number | null;
  readonly placeEnd: number | null;
  readonly sectionStart: number | null;
  readonly sectionEnd: number | null;
  readonly sectionRestricts: Flag;
  readonly termStart: number | null;
  readonly termEnd: number | null;
}

/** What of a course decides who may do what in it. */
type Deciding = Pick<CourseRow, 'id' | 'workflowState' | 'startAt' | 'endAt' | 'restrictsToDates'>;

/** States of a place that gives rights. */
export const entitling: readonly EnrollmentState[] = ['active', 'completed'];

const placesOf = prepare(
  (db: Kysely<SchoolTables>, { userId, courseId }: { userId: string; courseId: string }) =>
    db
      .selectFrom('enrollments')
      .innerJoin('sections', 'sections.id', 'enrollments.sectionId')
      .innerJoin('courses', 'courses.id', 'enrollments.courseId')
      .innerJoin('terms', 'terms.id', 'courses.termId')
      .select(['type', 'state'])
      .select(['enrollments.startAt as placeStart', 'enrollments.endAt as placeEnd'])
      .select(['sections.startAt as sectionStart', 'sections.endAt as sectionEnd'])
      .select(['sections.restrictsToDates as sectionRestricts'])
      .select(['terms.startAt as termStart', 'terms.endAt as termEnd'])
      .where('enrollments.courseId', '=', courseId)
      .where('userId', '=', userId)
      .where('state', 'in', entitling),
);

/** Everything this person may do in this course at this moment. */
export async function rightsIn(
  { db, clock }: School,
  user: CallingUser,
  course: Deciding,
): Promise<ReadonlySet<Right>> {
  const places = user.isAdmin === 1 ? [] : await placesOf(db, { userId: user.id, courseId: course.id });
  return rightsWith(places, user, course, clock.wallMs());
}

/** The same of somebody whose places in the course are known. */
export function rightsWith(
  places: readonly Place[],
  user: CallingUser,
  course: Deciding,
  nowMs: number,
): ReadonlySet<Right> {
  if (user.isAdmin === 1) return new Set(teacher);
  const rights = new Set<Right>();
  for (const place of places) {
    const { type, state } = place;
    const enrollment = { state, startAt: place.placeStart, endAt: place.placeEnd };
    const section = {
      startAt: place.sectionStart,
      endAt: place.sectionEnd,
      restrictsToDates: place.sectionRestricts,
    };
    const term = { startAt: place.termStart, endAt: place.termEnd };
    const standing = standingOf({ enrollment, section, course, term }, nowMs);
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
