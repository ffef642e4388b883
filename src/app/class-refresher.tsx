import type { CourseId } from '#domain/ids.ts';
import { useClassRefresh } from '#features/courses/use-class-refresh.ts';

/** Keeps the class list fresh while the grid is open; shows nothing. */
export function ClassRefresher({ course }: { readonly course: CourseId }) {
  useClassRefresh(course);
  return null;
}
