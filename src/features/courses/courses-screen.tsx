import { isTeachingStaff } from '#domain/course.ts';
import type { Course } from '#domain/course.ts';
import { useAccount } from '#features/account-context.ts';
import { classPath, coursePath, outboxPath, settingsPath } from '#features/paths.ts';
import { ReadNote } from '#features/read-note.tsx';
import { useSession } from '#features/session-context.ts';
import { marksOfOthersWords } from '#features/others-words.ts';
import { IconLink } from '#ui/button-link.tsx';
import { Button } from '#ui/button.tsx';
import { ForwardIcon, OutboxIcon, PeopleIcon, SettingsIcon } from '#ui/icons.tsx';
import { EmptyState } from '#ui/notices.tsx';
import { PageFrame } from '#ui/page-frame.tsx';
import { Link } from 'wouter';
import { NoCourses } from './no-courses.tsx';
import { NotTeaching } from './not-teaching.tsx';
import type { TodaysLesson } from './today.ts';
import { useCourses } from './use-courses.ts';
import type { CoursesRead } from './use-courses.ts';

/** The first screen: the courses of the person before it, from this device, refreshed beside. */
export function CoursesScreen() {
  const { account } = useAccount();
  const { marksOfOthers } = useSession();
  const read = useCourses();
  return (
    <PageFrame
      title="Your courses"
      lead={<bdi>{account.name}</bdi>}
      actions={
        <>
          <IconLink href={outboxPath} label="Outbox">
            <OutboxIcon />
          </IconLink>
          <IconLink href={settingsPath} label="Settings">
            <SettingsIcon />
          </IconLink>
        </>
      }
    >
      {read.today.length > 0 && <Today lessons={read.today} />}
      <CourseList read={read} />
      {marksOfOthers > 0 && <p className="section-note">{marksOfOthersWords(marksOfOthers)}</p>}
    </PageFrame>
  );
}

function CourseList({ read }: { readonly read: CoursesRead }) {
  const { courses, readAt, trouble, refresh } = read;
  if (trouble === 'unreadable') return <NoCourses trouble={trouble} refresh={refresh} />;
  if (courses === undefined) return null;
  const teaching = courses.filter(({ roles }) => isTeachingStaff(roles));
  if (teaching.length > 0) {
    return (
      <section className="section" aria-label="Courses">
        {read.today.length > 0 && <h2>All courses</h2>}
        <ul className="lines">
          {teaching.map((course) => (
            <CourseLine key={course.id} course={course} />
          ))}
        </ul>
        <ReadNote what="Courses" readAt={readAt} trouble={trouble} />
      </section>
    );
  }
  if (courses.length > 0) return <NotTeaching />;
  if (trouble !== undefined) return <NoCourses trouble={trouble} refresh={refresh} />;
  if (readAt === undefined) return <p className="section-note">Fetching your courses from Canvas…</p>;
  return (
    <EmptyState
      icon={<PeopleIcon />}
      title="Canvas shows you no courses"
      action={
        <Button tone="primary" onClick={refresh}>
          Look again
        </Button>
      }
    >
      <p>A course appears here when you are enrolled in it as a teacher and its dates allow it.</p>
    </EmptyState>
  );
}

/** Straight back into a lesson of today. */
function Today({ lessons }: { readonly lessons: readonly TodaysLesson[] }) {
  return (
    <section className="section" aria-labelledby="today-heading">
      <h2 id="today-heading">Today</h2>
      <ul className="lines">
        {lessons.map(({ course, courseName, key, title }) => (
          <li key={`${course}/${key}`}>
            <Link href={classPath(course, key)} className="line">
              <span className="line-words">
                <bdi className="line-title">{title}</bdi>
                <bdi className="line-note">{courseName}</bdi>
              </span>
              <ForwardIcon />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function CourseLine({ course }: { readonly course: Course }) {
  const notes = [
    course.code !== course.name ? course.code : undefined,
    course.termName,
    course.studentCount === undefined ? undefined : studentsWords(course.studentCount),
  ].filter((note) => note !== undefined);
  return (
    <li>
      <Link href={coursePath(course.id)} className="line">
        <span className="line-words">
          <bdi className="line-title">{course.name}</bdi>
          {notes.length > 0 && (
            <span className="line-note">
              {notes.map((note, index) => (
                <span key={note}>
                  {index > 0 && ' · '}
                  <bdi>{note}</bdi>
                </span>
              ))}
            </span>
          )}
        </span>
        <ForwardIcon />
      </Link>
    </li>
  );
}

function studentsWords(count: number): string {
  return count === 1 ? '1 student' : `${count.toString()} students`;
}
