import { systemClock } from '#lib/clock.ts';
import { useAccount } from './account-context.ts';
import { useCanvasRead } from './queries.ts';
import type { CanvasRead } from './queries.ts';

/** Reads the list of courses from Canvas into the store, in the background; the screens read the store. */
export function useCoursesRead(): CanvasRead<{ readonly readAt: number }> {
  const { store, client } = useAccount();
  return useCanvasRead({
    name: ['courses'],
    read: async () => {
      const found = await client.listCourses();
      const readAt = systemClock.wallMs();
      await store.classroom.putCourses(found, readAt);
      return { readAt };
    },
  });
}
