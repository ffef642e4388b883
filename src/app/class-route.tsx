import { Suspense } from 'react';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import { useAccount } from '#features/account-context.ts';
import { RosterScreen } from '#features/roster/roster-screen.tsx';
import { useLive } from '#store/use-live.ts';
import { afterFirstPaint } from './after-first-paint.ts';
import type { NoGrid } from './class-instead.tsx';
import { lazyPart, lazyScreen } from './lazy-screen.tsx';

interface ClassRouteProps {
  readonly course: CourseId;
  readonly assessmentKey: AssessmentKey;
}

/* The grid can be tapped without these: they come after it. */
const { Screen: ClassInstead } = lazyScreen(async () => (await import('./class-instead.tsx')).ClassInstead);
const ClassRefresher = lazyPart(async () => {
  await afterFirstPaint();
  return (await import('./class-refresher.tsx')).ClassRefresher;
});

const DayNotice = lazyPart(async () => {
  await afterFirstPaint();
  return (await import('./day-notice.tsx')).DayNotice;
});

/** The marking grid, or why there is none. The class list is refreshed beside it. */
export function ClassRoute({ course, assessmentKey }: ClassRouteProps) {
  const { store } = useAccount();
  const known = useLive(() => store.classroom.watchCourse(course), [store, course]);
  const roster = useLive(() => store.classroom.watchClass(course), [store, course]);
  const lane = laneOf(course, assessmentKey);
  const assessment = useLive(() => store.classroom.watchAssessment(lane), [store, lane]);

  if (known.status === 'failed') throw known.error;
  if (roster.status === 'failed') throw roster.error;
  if (assessment.status === 'failed') throw assessment.error;
  if (known.status === 'loading' || roster.status === 'loading' || assessment.status === 'loading')
    return null;

  const instead = (why: NoGrid) => (
    <ClassInstead why={why} course={course} courseName={known.value?.name ?? ''} />
  );
  if (known.value === undefined) return instead('unknown-course');
  if (assessment.value === undefined) return instead('not-begun');
  if (roster.value === undefined) return instead('not-read');
  if (roster.value.students.length === 0) return instead('nobody');
  return (
    <>
      <RosterScreen
        assessment={assessment.value}
        courseName={known.value.name}
        record={roster.value}
        notice={
          <Suspense fallback={null}>
            <DayNotice course={known.value} assessment={assessment.value} />
          </Suspense>
        }
      />
      <Suspense fallback={null}>
        <ClassRefresher course={course} />
      </Suspense>
    </>
  );
}
