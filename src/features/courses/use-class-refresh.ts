import { useQuery } from '@tanstack/react-query';
import type { CourseId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import { readTroubleOf } from '#features/read-trouble.ts';
import type { ReadTrouble } from '#features/read-trouble.ts';
import { systemClock } from '#lib/clock.ts';
import { readClass } from './read-class.ts';

export interface ClassRefresh {
  readonly trouble: ReadTrouble | undefined;
  readonly refresh: () => void;
}

/** Reads the class from Canvas into the store, in the background; the screens read the store. */
export function useClassRefresh(course: CourseId): ClassRefresh {
  const { account, store, client } = useAccount();
  const query = useQuery({
    queryKey: [account.id, 'class', course],
    // Without the query's signal: the grid goes on with the read that the choice of an outcome began.
    queryFn: async () => {
      const read = await readClass(client, course);
      const readAt = systemClock.wallMs();
      await store.classroom.putClass({ course, ...read, readAt });
      return { readAt };
    },
  });
  return {
    trouble: query.error === null ? undefined : readTroubleOf(query.error),
    refresh: () => void query.refetch(),
  };
}
