import { useQuery } from '@tanstack/react-query';
import { PermissionError } from '#canvas/errors.ts';
import type { LiveAssessment } from '#canvas/results-api.ts';
import { dayOfKey, outcomeKey } from '#domain/assessment-key.ts';
import { dayIn } from '#domain/day.ts';
import type { CourseId } from '#domain/ids.ts';
import type { Outcome } from '#domain/outcome.ts';
import { useAccount } from '#features/account-context.ts';
import { readTroubleOf } from '#features/read-trouble.ts';
import type { ReadTrouble } from '#features/read-trouble.ts';
import { systemClock } from '#lib/clock.ts';
import type { CourseRecord, LocalAssessment } from '#store/classroom.ts';
import { useLive } from '#store/use-live.ts';
import { begunToday } from './begun-today.ts';
import type { BegunAssessment } from './begun-today.ts';

export interface Choices {
  /** undefined: never listed on this device. */
  readonly course: CourseRecord | undefined;
  /** Those that were not begun today; undefined until read once. */
  readonly outcomes: readonly Outcome[] | undefined;
  readonly outcomesReadAt: number | undefined;
  readonly outcomesTrouble: ReadTrouble | undefined;
  readonly today: readonly BegunAssessment[];
  readonly earlier: readonly LocalAssessment[];
  readonly refresh: () => void;
}

/**
 * What can be assessed in a course: its outcomes, what was begun today here or in Canvas, what was chosen earlier.
 * @returns undefined while the disk is read
 */
export function useChoices(course: CourseId): Choices | undefined {
  const { store } = useAccount();
  const known = useLive(() => store.classroom.watchCourse(course), [store, course]);
  const stored = useLive(() => store.classroom.watchOutcomes(course), [store, course]);
  const chosen = useLive(() => store.classroom.watchAssessments(course), [store, course]);
  const outcomesQuery = useOutcomesRefresh(course);
  const inCanvas = useAssessmentsInCanvas(course);
  if (known.status === 'loading' || stored.status === 'loading' || chosen.status === 'loading')
    return undefined;
  if (known.status === 'failed') throw known.error;
  if (stored.status === 'failed') throw stored.error;
  if (chosen.status === 'failed') throw chosen.error;

  const today = dayIn(systemClock.wallMs(), known.value?.timeZone ?? null);
  const begun = begunToday(today, chosen.value, inCanvas);
  const begunKeys = new Set(begun.map(({ key }) => key));
  return {
    course: known.value,
    outcomes: stored.value?.outcomes.filter(({ id }) => !begunKeys.has(outcomeKey(today, id))),
    outcomesReadAt: stored.value?.readAt,
    outcomesTrouble: outcomesQuery.error === null ? undefined : readTroubleOf(outcomesQuery.error),
    today: begun,
    earlier: chosen.value.filter(({ key }) => dayOfKey(key) !== today),
    refresh: () => void outcomesQuery.refetch(),
  };
}

function useOutcomesRefresh(course: CourseId) {
  const { account, store, client } = useAccount();
  return useQuery({
    queryKey: [account.id, 'outcomes', course],
    queryFn: async () => {
      const outcomes = await client.listOutcomes(course);
      const readAt = systemClock.wallMs();
      await store.classroom.putOutcomes({ course, outcomes, readAt });
      return { readAt };
    },
  });
}

/** What colleagues, or another device, began; a help that may be missing. */
function useAssessmentsInCanvas(course: CourseId): readonly LiveAssessment[] {
  const { account, client } = useAccount();
  const query = useQuery({
    queryKey: [account.id, 'assessments', course],
    staleTime: 60_000,
    queryFn: async () => {
      try {
        return await client.listAssessments(course);
      } catch (error) {
        // Designers may make assessments but not list them.
        if (error instanceof PermissionError) return [];
        throw error;
      }
    },
  });
  return query.data ?? [];
}
