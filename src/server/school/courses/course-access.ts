import type { Kysely } from 'kysely';
import { prepare } from '../../database/prepare.ts';
import { entitling, type Place, type Right, rightsWith } from '../auth/rights.ts';
import type { Call } from '../http/call.ts';
import { idOf } from '../http/parameters.ts';
import { missing, noRight } from '../http/refusal.ts';
import type { School } from '../school-parts.ts';
import type { CourseRow, SchoolTables } from '../tables.ts';
import { findCourse } from './find-course.ts';

/** What is needed of the course that a path names; only its own page tells more. */
export type NamedCourse = Pick<
  CourseRow,
  'id' | 'name' | 'workflowState' | 'startAt' | 'endAt' | 'restrictsToDates' | 'hidesSections'
>;

export interface CourseAccess {
  readonly course: NamedCourse;
  readonly rights: ReadonlySet<Right>;
}

/** The course in the path and what the caller may do in it. @throws Refusal 404 */
export async function accessTo(school: School, call: Call): Promise<CourseAccess> {
  const name = call.path('course_id');
  const id = idOf(name) ?? (await findCourse(school.db, name)).id;
  const { user } = call.caller;
  const rows = await courseAndPlaces(school.db, { id, userId: user.id });
  const [course] = rows;
  if (course === undefined) throw missing();
  return { course, rights: rightsWith(rows.filter(isPlace), user, course, school.clock.wallMs()) };
}

/**
 * A row for each place of the person that may give rights, or one without a place. One question instead of two: asking
 * takes longer than answering.
 */
const courseAndPlaces = prepare(
  (db: Kysely<SchoolTables>, { id, userId }: { readonly id: string; readonly userId: string }) =>
    db
      .selectFrom('courses')
      .innerJoin('terms', 'terms.id', 'courses.termId')
      .leftJoin('enrollments', (join) =>
        join
          .onRef('enrollments.courseId', '=', 'courses.id')
          .on('enrollments.userId', '=', userId)
          .on('enrollments.state', 'in', entitling),
      )
      .leftJoin('sections', 'sections.id', 'enrollments.sectionId')
      .select(['courses.id', 'courses.name', 'courses.workflowState', 'courses.hidesSections'])
      .select(['courses.startAt', 'courses.endAt', 'courses.restrictsToDates'])
      .select(['enrollments.type', 'enrollments.state'])
      .select(['enrollments.startAt as placeStart', 'enrollments.endAt as placeEnd'])
      .select(['sections.startAt as sectionStart', 'sections.endAt as sectionEnd'])
      .select(['sections.restrictsToDates as sectionRestricts'])
      .select(['terms.startAt as termStart', 'terms.endAt as termEnd'])
      .where('courses.workflowState', '!=', 'deleted')
      .where('courses.id', '=', id),
);

function isPlace<Row extends { readonly [Field in keyof Place]: Place[Field] | null }>(
  row: Row,
): row is Row & Place {
  return row.type !== null;
}

/** @throws Refusal 403 (401 in revision A) when the caller has none of these rights */
export function requireRight(school: School, access: CourseAccess, ...anyOf: readonly Right[]): void {
  if (!anyOf.some((right) => access.rights.has(right))) throw noRight(school.revision);
}

/** The course in the path, for a caller who has one of these rights. Existence comes before rights (§1.5). */
export async function courseFor(
  school: School,
  call: Call,
  ...anyOf: readonly Right[]
): Promise<NamedCourse> {
  const access = await accessTo(school, call);
  requireRight(school, access, ...anyOf);
  return access.course;
}
