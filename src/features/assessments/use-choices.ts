import { PermissionError } from '#canvas/errors.ts';
import type { LiveAssessment } from '#canvas/results-api.ts';
import { dayOfKey, outcomeKey } from '#domain/assessment-key.ts';
import { dayIn } from '#domain/day.ts';
import type { CourseId } from '#domain/ids.ts';
import type { Outcome } from '#domain/outcome.ts';
import { useAccount } from '#features/account-context.ts';
import { useCanvasRead } from '#features/queries.ts';
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
  const outcomesRead = useOutcomesRefresh(course);
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
    outcomesTrouble: outcomesRead.trouble,
    today: begun,
    earlier: chosen.value.filter(({ key }) => dayOfKey(key) !== today),
  };
}

function useOutcomesRefresh(course: CourseId) {
  const { store, client } = useAccount();
  return useCanvasRead({
    name: ['outcomes', course],
    read: async () => {
      const outcomes = await client.listOutcomes(course);
      const readAt = systemClock.wallMs();
      await store.classroom.putOutcomes({ course, outcomes, readAt });
      return { readAt };
    },
  });
}

/** A colleague may begin one at any moment, ms. */
const assessmentsFreshForMs = 60_000;

/** What colleagues, or another device, began; a help that may be missing. */
function useAssessmentsInCanvas(course: CourseId): readonly LiveAssessment[] {
  const { client } = useAccount();
  const { found } = useCanvasRead({
    name: ['assessments', course],
    freshForMs: assessmentsFreshForMs,
    read: async () => {
      try {
        return await client.listAssessments(course);
      } catch (error) {
        // Designers may make assessments but not list them.
        if (error instanceof PermissionError) return [];
        throw error;
      }
    },
  });
  return found ?? [];
}
