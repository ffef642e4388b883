import type { AccountId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import type { LessonPlace } from './save-taps.ts';
import type { UnsavedGestures } from './unsaved-gestures.ts';

interface Kept {
  readonly account: AccountId;
  readonly place: LessonPlace;
  readonly gestures: UnsavedGestures;
}

const kept = new Map<string, Kept>();

/**
 * The gestures of a lesson that could not be saved. They stay in memory while the app is open, whichever screen it
 * shows: the lesson has them again when it is opened again.
 */
export function unsavedTaps(account: AccountId, place: LessonPlace): UnsavedGestures {
  const key = `${account} ${laneOf(place.course, place.assessmentKey)}`;
  const known = kept.get(key) ?? { account, place, gestures: new Set() };
  kept.set(key, known);
  return known.gestures;
}

/** Whether a tap of any lesson could not be saved. */
export function isAnyUnsaved(): boolean {
  return [...kept.values()].some(isUnsaved);
}

/** A lesson of this account with taps that could not be saved; undefined where there is none. */
export function unsavedLesson(account: AccountId): LessonPlace | undefined {
  return [...kept.values()].find((lesson) => lesson.account === account && isUnsaved(lesson))?.place;
}

function isUnsaved({ gestures }: Kept): boolean {
  return gestures.size > 0;
}

/** Makes the browser ask before it closes or reloads the app, as long as anything is not saved. Told twice, it asks once. */
export function askBeforeLoss(): void {
  addEventListener('beforeunload', ask);
}

function ask(event: Event): void {
  if (isAnyUnsaved()) event.preventDefault();
}
