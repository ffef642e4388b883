import { coursesPath } from './paths.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { PeopleIcon } from '#ui/icons.tsx';
import { EmptyState } from '#ui/notices.tsx';

/** The address names a course that this person has never been shown here. */
export function UnknownCourse() {
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
      <p>Canvas has not listed it among your courses, or the address is wrong.</p>
    </EmptyState>
  );
}
