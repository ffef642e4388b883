import { useParams } from 'wouter';
import type { CourseId } from '#domain/ids.ts';
import { ChooseScreen } from '#features/assessments/choose-screen.tsx';
import { useClassRefresh } from '#features/courses/use-class-refresh.ts';
import { unescapePart } from '#features/paths.ts';
import { NotFoundScreen } from './not-found-screen.tsx';

/** What to assess in a course; the class list is fetched meanwhile, so that it is there when the grid opens. */
export function ChooseRoute() {
  const { course } = useParams<{ course: string }>();
  const id = unescapePart(course);
  return id === undefined ? <NotFoundScreen /> : <Choose key={id} course={id as CourseId} />;
}

function Choose({ course }: { readonly course: CourseId }) {
  useClassRefresh(course);
  return <ChooseScreen course={course} />;
}
