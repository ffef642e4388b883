import { useCallback } from 'react';
import type { CourseId, UserId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import { tellNotKept } from '#features/tell-not-kept.ts';
import { notCountedPref, withAway } from './not-counted.ts';
import type { AwayReason } from './tile-facts.ts';

export type SetAway = (students: readonly UserId[], reason: AwayReason | undefined) => Promise<void>;

/** Says who is not counted on the day of the lesson. @returns never rejects: a failure is told to the teacher */
export function useAway(course: CourseId, day: string): SetAway {
  const { store } = useAccount();
  return useCallback(
    async (students, reason) => {
      try {
        await store.prefs.change({ course }, notCountedPref, (kept) => withAway(kept, day, students, reason));
      } catch {
        tellNotKept();
      }
    },
    [store, course, day],
  );
}
