import { liveQuery } from 'dexie';
import type { StorageError } from './port.ts';
import type { Watch } from './watch.ts';

/** Puts what went wrong into our terms. */
export type Explain = (error: unknown) => StorageError;

/**
 * Watches what a query finds: asked again after every committed change of what it looked at. For what changes
 * seldom; marks, which change with every tap, have a feed of their own (`mark-feed.ts`).
 * @param query reads only, through Dexie tables, and awaits nothing else
 */
export function liveWatch<T>(query: () => Promise<T>, explain: Explain): Watch<T> {
  return {
    subscribe: (next, failed) => {
      // Dexie keeps a closed database to itself; a screen that waits for ever would hide the failure.
      const guarded = async (): Promise<{ value: T } | { error: StorageError }> => {
        try {
          return { value: await query() };
        } catch (error) {
          return { error: explain(error) };
        }
      };
      const subscription = liveQuery(guarded).subscribe({
        next: (news) => ('value' in news ? next(news.value) : failed?.(news.error)),
        error: (error) => failed?.(explain(error)),
      });
      return () => subscription.unsubscribe();
    },
  };
}
