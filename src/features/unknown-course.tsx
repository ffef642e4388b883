import { useCoursesRead } from './courses-read.ts';
import { coursesPath } from './paths.ts';
import { readTroubleWords } from './read-trouble.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { PeopleIcon } from '#ui/icons.tsx';
import { EmptyState } from '#ui/notices.tsx';

/** The address names a course that this person has never been shown here. If Canvas knows it, it appears. */
export function UnknownCourse() {
  const { found, trouble } = useCoursesRead();
  if (found === undefined && trouble === undefined) {
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
      <p>
        {trouble === undefined
          ? 'Canvas does not list it among your courses, or the address is wrong.'
          : `Canvas could not be asked for it: ${readTroubleWords(trouble)}.`}
      </p>
    </EmptyState>
  );
}
