import * as v from 'valibot';
import type { AssessmentKey } from '#domain/ids.ts';
import type { LocalAssessment } from '#store/classroom.ts';
import type { Pref } from '#store/prefs.ts';

/** More would not fit beside each other, and a teacher does not keep more apart. */
export const mostPinned = 6;

/** What stands at the top of the grid on one day, as the teacher last left it. */
export interface Pinned {
  readonly day: string;
  readonly keys: readonly AssessmentKey[];
  /** Device time, ms: what is begun or chosen anew after it is pinned with it. */
  readonly at: number;
}

/** Kept with the course on this device. Taking one off the grid is only this; its marks are elsewhere. */
export const pinnedPref: Pref<Pinned> = {
  name: 'pinned',
  schema: v.object({
    day: v.string(),
    keys: v.array(v.custom<AssessmentKey>((key) => typeof key === 'string')),
    at: v.number(),
  }),
  fallback: { day: '', keys: [], at: 0 },
};

type Begun = Pick<LocalAssessment, 'key' | 'date' | 'chosenAt'>;

/**
 * Those that stand on the grid on a day: as the teacher left them, then what was begun since, at most six. The one
 * being marked is always among them, if need be in the place of the last.
 * @param begun of the course, from any day, in any order
 */
export function pinnedOn<T extends Begun>(
  day: string,
  kept: Pinned,
  begun: readonly T[],
  current?: AssessmentKey,
): readonly T[] {
  const ofTheDay = new Map(begun.filter(({ date }) => date === day).map((one) => [one.key, one]));
  const { keys, at } = kept.day === day ? kept : pinnedPref.fallback;
  const left = keys.map((key) => ofTheDay.get(key)).filter((one) => one !== undefined);
  const since = [...ofTheDay.values()]
    .filter((one) => one.chosenAt > at && !left.includes(one))
    .sort((a, b) => b.chosenAt - a.chosenAt);
  const pinned = [...left, ...since].slice(0, mostPinned);
  const now = current === undefined ? undefined : ofTheDay.get(current);
  if (now === undefined || pinned.includes(now)) return pinned;
  return [...pinned.slice(0, mostPinned - 1), now];
}

/** @param shown what stands on the grid now */
export function withPinned(day: string, shown: readonly Begun[], key: AssessmentKey, at: number): Pinned {
  return { day, keys: [...without(shown, key), key].slice(-mostPinned), at };
}

/** @param shown what stands on the grid now */
export function withoutPinned(day: string, shown: readonly Begun[], key: AssessmentKey, at: number): Pinned {
  return { day, keys: without(shown, key), at };
}

function without(shown: readonly Begun[], key: AssessmentKey): AssessmentKey[] {
  return shown.map((one) => one.key).filter((one) => one !== key);
}
