import type { CourseId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import { useCanvasRead } from '#features/queries.ts';
import type { CanvasRead } from '#features/queries.ts';
import { systemClock } from '#lib/clock.ts';
import { readClass } from './read-class.ts';

/** Reads the class from Canvas into the store, in the background; the screens read the store. */
export function useClassRefresh(course: CourseId): CanvasRead<{ readonly readAt: number }> {
  const { store, client } = useAccount();
  return useCanvasRead({
    name: ['class', course],
    read: async () => {
      const read = await readClass(client, course);
      const readAt = systemClock.wallMs();
      await store.classroom.putClass({ course, ...read, readAt });
      return { readAt };
    },
  });
}
