import type { School } from '../school-parts.ts';
import type { CourseRow, UserRow } from '../tables.ts';

/**
 * The sections whose people somebody may see: their own, if all their places in the course are limited to a section.
 * @returns undefined when there is no such limit
 */
export async function visibleSections(
  { db }: School,
  user: UserRow,
  course: CourseRow,
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
