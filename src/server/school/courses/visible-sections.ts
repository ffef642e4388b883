import type { School } from '../school-parts.ts';
import type { CallingUser } from '../auth/access-tokens.ts';
import type { CourseRow } from '../tables.ts';

/**
 * The sections whose people somebody may see: their own, if all their places in the course are limited to a section.
 * @returns undefined when there is no such limit
 */
export async function visibleSections(
  { db }: School,
  user: CallingUser,
  course: Pick<CourseRow, 'id'>,
): Promise<ReadonlySet<string> | undefined> {
  if (user.isAdmin === 1) return undefined;
  const places = await db
    .selectFrom('enrollments')
    .select(['sectionId', 'limitsToSection'])
    .where('courseId', '=', course.id)
    .where('userId', '=', user.id)
    .where('state', 'in', ['active', 'completed'])
    .execute();
  const isLimited = places.length > 0 && places.every(({ limitsToSection }) => limitsToSection === 1);
  return isLimited ? new Set(places.map(({ sectionId }) => sectionId)) : undefined;
}

/**
 * Whether somebody is not told who is in which section: a student, of a course that hides its sections and has several
 * (contract §5.3).
 */
export async function hidesSectionsFrom(
  { db }: School,
  user: CallingUser,
  course: Pick<CourseRow, 'id' | 'hidesSections'>,
): Promise<boolean> {
  if (course.hidesSections === 0 || user.isAdmin === 1) return false;
  const places = await db
    .selectFrom('enrollments')
    .select('type')
    .where('courseId', '=', course.id)
    .where('userId', '=', user.id)
    .where('state', '=', 'active')
    .execute();
  if (places.length === 0 || places.some(({ type }) => type !== 'StudentEnrollment')) return false;
  const sections = await db.selectFrom('sections').select('id').where('courseId', '=', course.id).execute();
  return sections.length > 1;
}
