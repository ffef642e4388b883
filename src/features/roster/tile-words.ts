import { shareOf, shownPercent } from '#domain/tally.ts';
import type { TileFacts, Whereabouts } from './tile-facts.ts';

const whereWords: Record<Whereabouts, string> = {
  saving: 'being saved',
  'saved-here': 'saved here',
  waiting: 'waiting',
  checking: 'checking with Canvas',
  'in-canvas': 'in Canvas',
  'needs-you': 'needs you',
  'handed-over': 'in the rescue file',
};

export function wordsForWhere(where: Whereabouts): string {
  return whereWords[where];
}

/** "pass" and "not yet": a fail is a step on the way, and never the loudest word in the room. */
export function wordsForMark(passed: boolean): string {
  return passed ? 'pass' : 'not yet';
}

/** "75 %", from the second try on; one try says it all by itself. */
export function percentOf(
  { passes, tries }: Pick<TileFacts, 'passes' | 'tries'>,
  threshold: number | null,
): number | undefined {
  const share = shareOf({ passes, count: tries });
  return share === null || tries < 2 ? undefined : shownPercent(share, threshold);
}

/** Whether a student has reached the outcome's threshold; undefined without a try or a threshold. */
export function hasMastered(
  { passes, tries }: Pick<TileFacts, 'passes' | 'tries'>,
  threshold: number | null,
): boolean | undefined {
  const share = shareOf({ passes, count: tries });
  return share === null || threshold === null ? undefined : share >= threshold;
}

/** Everything a tile shows, in the words that are spoken: "not yet, 2 of 3, 67 %, mastered, waiting". */
export function wordsForTile(facts: TileFacts, threshold: number | null = null): string {
  const words: string[] = [];
  if (facts.away !== undefined) words.push(facts.away, 'not counted');
  else if (!facts.isSeen && facts.last !== 'none') words.push('not seen in this round');
  if (facts.last === 'none') {
    if (facts.away === undefined) words.push('not seen');
  } else {
    words.push(wordsForMark(facts.last === 'pass'));
    if (facts.tries > 0) words.push(`${facts.passes} of ${facts.tries}`);
    const percent = percentOf(facts, threshold);
    if (percent !== undefined) words.push(`${percent} %`);
    if (hasMastered(facts, threshold) === true) words.push('mastered');
  }
  if (facts.where !== undefined) words.push(wordsForWhere(facts.where));
  if (facts.needsYou && facts.where !== 'needs-you') words.push('an earlier mark needs you');
  if (facts.unsaved !== undefined) words.push(`${wordsForMark(facts.unsaved.passed)} was not saved`);
  if (facts.caught !== undefined) words.push('second tap held back, tap again to add it');
  return words.join(', ');
}
