import { useAccount } from '#features/account-context.ts';
import { useCoursesRead } from '#features/courses-read.ts';
import type { ReadTrouble } from '#features/read-trouble.ts';
import { systemClock } from '#lib/clock.ts';
import type { CourseRecord } from '#store/classroom.ts';
import { useLive } from '#store/use-live.ts';
import { lessonsOfToday } from './today.ts';
import type { TodaysLesson } from './today.ts';

export interface CoursesRead {
  /** As this device holds them; undefined while the disk is read. */
  readonly courses: readonly CourseRecord[] | undefined;
  /** Device time, ms, of the last list from Canvas. */
  readonly readAt: number | undefined;
  /** Begun on this device today. */
  readonly today: readonly TodaysLesson[];
  /** `unreadable`: this device cannot read what it holds. */
  readonly trouble: ReadTrouble | 'unreadable' | undefined;
  readonly refresh: () => void;
}

/** The courses on this device, and their refreshment from Canvas beside that. */
export function useCourses(): CoursesRead {
  const { store } = useAccount();
  const stored = useLive(() => store.classroom.watchCourses(), [store]);
  const chosen = useLive(() => store.classroom.watchAllAssessments(), [store]);
  const read = useCoursesRead();
  const courses = stored.status === 'ready' ? stored.value.filter(({ listed }) => listed) : undefined;
  const readAt = read.found?.readAt ?? courses?.reduce<number | undefined>(latest, undefined);
  return {
    courses: stored.status === 'failed' ? [] : courses,
    readAt,
    today:
      courses === undefined || chosen.status !== 'ready'
        ? []
        : lessonsOfToday(courses, chosen.value, systemClock.wallMs()),
    trouble: stored.status === 'failed' ? 'unreadable' : read.trouble,
    refresh: read.refresh,
  };
}

function latest(before: number | undefined, { readAt }: CourseRecord): number {
  return Math.max(before ?? 0, readAt);
}
