import { NotFetched } from '#features/not-fetched.tsx';
import { Button } from '#ui/button.tsx';
import { NoticeIcon } from '#ui/icons.tsx';
import { ErrorState } from '#ui/notices.tsx';
import type { CoursesRead } from './use-courses.ts';

interface NoCoursesProps {
  readonly trouble: NonNullable<CoursesRead['trouble']>;
  readonly refresh: () => void;
}

/** Why no course can be shown: this device cannot read them, or has none yet and could not fetch them. */
export function NoCourses({ trouble, refresh }: NoCoursesProps) {
  if (trouble === 'unreadable') {
    return (
      <ErrorState
        icon={<NoticeIcon />}
        title="This device cannot read your courses"
        action={
          <Button tone="primary" onClick={() => location.reload()}>
            Reload the app
          </Button>
        }
      >
        <p>Its storage did not answer. Where a reload does not help, restart the device.</p>
      </ErrorState>
    );
  }
  return <NotFetched title="Your courses are not on this device yet" trouble={trouble} refresh={refresh} />;
}
