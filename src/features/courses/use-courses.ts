import { useQuery } from '@tanstack/react-query';
import { useAccount } from '#features/account-context.ts';
import { readTroubleOf } from '#features/read-trouble.ts';
import type { ReadTrouble } from '#features/read-trouble.ts';
import { systemClock } from '#lib/clock.ts';
import type { CourseRecord } from '#store/classroom.ts';
import { useLive } from '#store/use-live.ts';

export interface CoursesRead {
  /** As this device holds them; undefined while the disk is read. */
  readonly courses: readonly CourseRecord[] | undefined;
  /** Device time, ms, of the last list from Canvas. */
  readonly readAt: number | undefined;
  readonly trouble: ReadTrouble | undefined;
  readonly refresh: () => void;
}

/** The courses on this device, and their refreshment from Canvas beside that. */
export function useCourses(): CoursesRead {
  const { account, store, client } = useAccount();
  const stored = useLive(() => store.classroom.watchCourses(), [store]);
  const query = useQuery({
    queryKey: [account.id, 'courses'],
    queryFn: async ({ signal }) => {
      const courses = await client.listCourses(signal);
      const readAt = systemClock.wallMs();
      await store.classroom.putCourses(courses, readAt);
      return { readAt };
    },
  });
  const courses = stored.status === 'ready' ? stored.value.filter(({ listed }) => listed) : undefined;
  const readAt = query.data?.readAt ?? courses?.reduce<number | undefined>(latest, undefined);
  const failure = stored.status === 'failed' ? stored.error : query.error;
  return {
    courses: stored.status === 'failed' ? [] : courses,
    readAt,
    trouble: failure === null ? undefined : readTroubleOf(failure),
    refresh: () => void query.refetch(),
  };
}

function latest(before: number | undefined, { readAt }: CourseRecord): number {
  return Math.max(before ?? 0, readAt);
}
