import type { MarkId, UserId } from '#domain/ids.ts';
import type { Tap } from './tap.ts';

/** The gestures that could not be saved, in the order of failing. Each is offered again whole, and goes whole. */
export type UnsavedGestures = Set<readonly Tap[]>;

export function countUnsaved(gestures: Iterable<readonly Tap[]>): number {
  let count = 0;
  for (const taps of gestures) count += taps.length;
  return count;
}

/** Lets go of the taps on one student; those of the same gesture on others stay together. */
export function dropTapsOn(gestures: UnsavedGestures, student: UserId): void {
  for (const taps of [...gestures]) {
    const others = taps.filter((tap) => tap.student !== student);
    if (others.length === taps.length) continue;
    gestures.delete(taps);
    if (others.length > 0) gestures.add(others);
  }
}

/** The disk holds a tap after all, and with it all of its gesture. */
export function dropSaved(gestures: UnsavedGestures, tap: MarkId): void {
  for (const taps of gestures) if (taps.some(({ id }) => id === tap)) gestures.delete(taps);
}
