import { useCoursesRead } from './courses-read.ts';
import { NotFetched } from './not-fetched.tsx';
import { coursesPath } from './paths.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { PeopleIcon } from '#ui/icons.tsx';
import { EmptyState } from '#ui/notices.tsx';

/** The address names a course that this person has never been shown here. If Canvas knows it, it appears. */
export function UnknownCourse() {
  const { found, trouble, refresh } = useCoursesRead();
  if (trouble !== undefined) {
    return <NotFetched title="This course is not on this device" trouble={trouble} refresh={refresh} />;
  }
  if (found === undefined) {
    return <p className="section-note">Asking Canvas for this course…</p>;
  }
  return (
    <EmptyState
      icon={<PeopleIcon />}
      title="This course is not on this device"
      action={
        <ButtonLink href={coursesPath} tone="primary">
          All courses
        </ButtonLink>
      }
    >
      <p>Canvas does not list it among your courses, or the address is wrong.</p>
    </EmptyState>
  );
}
