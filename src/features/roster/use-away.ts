import { useCallback } from 'react';
import type { CourseId, UserId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import { showToast } from '#ui/toast-store.ts';
import { notCountedPref, withAway } from './not-counted.ts';
import type { AwayReason } from './tile-facts.ts';

export type SetAway = (students: readonly UserId[], reason: AwayReason | undefined) => Promise<void>;

/** Says who is not counted today. @returns never rejects: a failure is told to the teacher */
export function useAway(course: CourseId, day: string): SetAway {
  const { store } = useAccount();
  return useCallback(
    async (students, reason) => {
      try {
        let kept = await store.prefs.read({ course }, notCountedPref);
        for (const student of students) kept = withAway(kept, day, student, reason);
        await store.prefs.write({ course }, notCountedPref, kept);
      } catch {
        showToast({ words: 'This device could not write it down. Free some space, then try again.' });
      }
    },
    [store, course, day],
  );
}
