import type { AccountId, LaneId } from '#domain/ids.ts';
import type { Tap } from './tap.ts';

const kept = new Map<string, Set<readonly Tap[]>>();

/**
 * The gestures of a lesson that could not be saved. They stay in memory while the app is open, whichever screen it
 * shows: the lesson has them again when it is opened again.
 */
export function unsavedTaps(account: AccountId, lane: LaneId): Set<readonly Tap[]> {
  const key = `${account} ${lane}`;
  const taps = kept.get(key) ?? new Set();
  kept.set(key, taps);
  return taps;
}

/** Whether a tap of any lesson could not be saved. */
export function isAnyUnsaved(): boolean {
  return [...kept.values()].some(({ size }) => size > 0);
}

/** Makes the browser ask before it closes or reloads the app, as long as anything is not saved. Told twice, it asks once. */
export function askBeforeLoss(): void {
  addEventListener('beforeunload', ask);
}

function ask(event: Event): void {
  if (isAnyUnsaved()) event.preventDefault();
}
