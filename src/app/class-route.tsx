import type { ReactNode } from 'react';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import { useAccount } from '#features/account-context.ts';
import { UnknownCourse } from '#features/unknown-course.tsx';
import { useClassRefresh } from '#features/courses/use-class-refresh.ts';
import type { ClassRefresh } from '#features/courses/use-class-refresh.ts';
import { coursePath, coursesPath, signInScreenPath } from '#features/paths.ts';
import { readTroubleWords } from '#features/read-trouble.ts';
import { RosterScreen } from '#features/roster/roster-screen.tsx';
import { useLive } from '#store/use-live.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { Button } from '#ui/button.tsx';
import { NoNetworkIcon, OutcomeIcon, PeopleIcon } from '#ui/icons.tsx';
import { EmptyState, ErrorState } from '#ui/notices.tsx';
import { PageFrame } from '#ui/page-frame.tsx';

interface ClassRouteProps {
  readonly course: CourseId;
  readonly assessmentKey: AssessmentKey;
}

/** The marking grid, or why there is none. The class list is refreshed beside it. */
export function ClassRoute({ course, assessmentKey }: ClassRouteProps) {
  const { store } = useAccount();
  const refresh = useClassRefresh(course);
  const known = useLive(() => store.classroom.watchCourse(course), [store, course]);
  const roster = useLive(() => store.classroom.watchClass(course), [store, course]);
  const lane = laneOf(course, assessmentKey);
  const assessment = useLive(() => store.classroom.watchAssessment(lane), [store, lane]);

  if (known.status === 'failed') throw known.error;
  if (roster.status === 'failed') throw roster.error;
  if (assessment.status === 'failed') throw assessment.error;
  if (known.status === 'loading' || roster.status === 'loading' || assessment.status === 'loading')
    return null;

  if (known.value === undefined) {
    return (
      <Instead title="Unknown course" course={undefined}>
        <UnknownCourse />
      </Instead>
    );
  }
  if (assessment.value === undefined) {
    return (
      <Instead title={known.value.name} course={course}>
        <NotBegun course={course} />
      </Instead>
    );
  }
  if (roster.value === undefined) {
    return (
      <Instead title={known.value.name} course={course}>
        <ClassNotHere refresh={refresh} />
      </Instead>
    );
  }
  if (roster.value.students.length === 0) {
    return (
      <Instead title={known.value.name} course={course}>
        <NobodyHere refresh={refresh} />
      </Instead>
    );
  }
  return <RosterScreen course={course} assessmentKey={assessmentKey} />;
}

interface InsteadProps {
  readonly title: string;
  readonly course: CourseId | undefined;
  readonly children: ReactNode;
}

function Instead({ title, course, children }: InsteadProps) {
  return (
    <PageFrame
      title={title}
      back={
        course === undefined
          ? { href: coursesPath, label: 'All courses' }
          : { href: coursePath(course), label: 'Back to the course' }
      }
    >
      {children}
    </PageFrame>
  );
}

function NotBegun({ course }: { readonly course: CourseId }) {
  return (
    <EmptyState
      icon={<OutcomeIcon />}
      title="This assessment has not been begun on this device"
      action={
        <ButtonLink href={coursePath(course)} tone="primary">
          Choose what to assess
        </ButtonLink>
      }
    >
      <p>If a colleague began it today, it stands under Today as soon as Canvas has been asked.</p>
    </EmptyState>
  );
}

function ClassNotHere({ refresh: { trouble, refresh } }: { readonly refresh: ClassRefresh }) {
  if (trouble === undefined) return <p className="section-note">Fetching the class list from Canvas…</p>;
  return (
    <ErrorState
      icon={<NoNetworkIcon />}
      title="The class list is not on this device yet"
      action={
        <>
          <Button tone="primary" onClick={refresh}>
            Try again
          </Button>
          {trouble === 'signed-out' && <ButtonLink href={signInScreenPath}>Sign in</ButtonLink>}
        </>
      }
    >
      <p>
        It could not be fetched: {readTroubleWords(trouble)}. Once fetched it is here without a network too.
      </p>
    </ErrorState>
  );
}

function NobodyHere({ refresh: { trouble, refresh } }: { readonly refresh: ClassRefresh }) {
  return (
    <EmptyState
      icon={<PeopleIcon />}
      title="Nobody is enrolled in this course"
      action={
        <Button tone="primary" onClick={refresh}>
          Look again
        </Button>
      }
    >
      <p>
        Canvas lists no students here
        {trouble === undefined ? '' : `, as far as is known: ${readTroubleWords(trouble)}`}. When somebody is
        enrolled, the class appears by itself.
      </p>
    </EmptyState>
  );
}
