import type { CourseId } from '#domain/ids.ts';
import { useClassRefresh } from '#features/courses/use-class-refresh.ts';
import { NotFetched } from '#features/not-fetched.tsx';
import { coursePath, coursesPath } from '#features/paths.ts';
import { readTroubleWords } from '#features/read-trouble.ts';
import { UnknownCourse } from '#features/unknown-course.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Button } from '#ui/button.tsx';
import { OutcomeIcon, PeopleIcon } from '#ui/icons.tsx';
import { EmptyState } from '#ui/notices.tsx';
import { PageFrame } from '#ui/page-frame.tsx';

/** Why there is no grid to mark on. */
export type NoGrid = 'unknown-course' | 'not-begun' | 'not-read' | 'nobody';

interface ClassInsteadProps {
  readonly why: NoGrid;
  readonly course: CourseId;
  readonly courseName: string;
}

/** What stands in place of the grid, with the next step. */
export function ClassInstead({ why, course, courseName }: ClassInsteadProps) {
  const back = { href: coursePath(course), label: 'Back to the course' };
  switch (why) {
    case 'unknown-course':
      return (
        <PageFrame title="Unknown course" back={{ href: coursesPath, label: 'All courses' }}>
          <UnknownCourse />
        </PageFrame>
      );
    case 'not-begun':
      return (
        <PageFrame title={courseName} back={back}>
          <NotBegun course={course} />
        </PageFrame>
      );
    case 'not-read':
      return (
        <PageFrame title={courseName} back={back}>
          <ClassNotHere course={course} />
        </PageFrame>
      );
    case 'nobody':
      return (
        <PageFrame title={courseName} back={back}>
          <NobodyHere course={course} />
        </PageFrame>
      );
    default:
      return why satisfies never;
  }
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

function ClassNotHere({ course }: { readonly course: CourseId }) {
  const { trouble, refresh } = useClassRefresh(course);
  if (trouble === undefined) return <p className="section-note">Fetching the class list from Canvas…</p>;
  return <NotFetched title="The class list is not on this device yet" trouble={trouble} refresh={refresh} />;
}

function NobodyHere({ course }: { readonly course: CourseId }) {
  const { trouble, refresh } = useClassRefresh(course);
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
