import type { UserId } from '#domain/ids.ts';
import type { TileFacts } from './tile-facts.ts';

export interface Counters {
  readonly students: number;
  /** In the present round. */
  readonly seen: number;
  readonly notSeen: number;
  readonly away: number;
  /** Taps that could not be saved. */
  readonly unsaved: number;
  readonly selected: number;
  readonly round: number;
  readonly isRoundComplete: boolean;
}

/** @param roster those in the class, each once */
export function countTiles(
  roster: readonly UserId[],
  tile: (student: UserId) => TileFacts,
): Pick<Counters, 'students' | 'seen' | 'notSeen' | 'away' | 'selected'> {
  const counters = { students: roster.length, seen: 0, notSeen: 0, away: 0, selected: 0 };
  for (const student of roster) {
    const facts = tile(student);
    if (facts.isSelected) counters.selected += 1;
    if (facts.away !== undefined) counters.away += 1;
    else if (facts.isSeen) counters.seen += 1;
    else counters.notSeen += 1;
  }
  return counters;
}

export function sameCounters(a: Counters, b: Counters): boolean {
  return (Object.keys(a) as (keyof Counters)[]).every((key) => a[key] === b[key]);
}
