import { type Right, rightsIn } from '../auth/rights.ts';
import type { Call } from '../http/call.ts';
import { noRight } from '../http/refusal.ts';
import type { School } from '../school-parts.ts';
import type { CourseRow } from '../tables.ts';
import { findCourse } from './find-course.ts';

export interface CourseAccess {
  readonly course: CourseRow;
  readonly rights: ReadonlySet<Right>;
}

/** The course in the path and what the caller may do in it. @throws Refusal 404 */
export async function accessTo(school: School, call: Call): Promise<CourseAccess> {
  const course = await findCourse(school.db, call.path('course_id'));
  return { course, rights: await rightsIn(school, call.caller.user, course) };
}

/** @throws Refusal 403 (401 in revision A) when the caller has none of these rights */
export function requireRight(school: School, access: CourseAccess, ...anyOf: readonly Right[]): void {
  if (!anyOf.some((right) => access.rights.has(right))) throw noRight(school.revision);
}

/** The course in the path, for a caller who has one of these rights. Existence comes before rights (§1.5). */
export async function courseFor(school: School, call: Call, ...anyOf: readonly Right[]): Promise<CourseRow> {
  const access = await accessTo(school, call);
  requireRight(school, access, ...anyOf);
  return access.course;
}
