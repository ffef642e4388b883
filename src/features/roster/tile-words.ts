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

/** Everything a tile shows, in the words that are spoken: "not yet, 2 of 3, waiting". */
export function wordsForTile(facts: TileFacts): string {
  const words: string[] = [];
  if (facts.away !== undefined) words.push(facts.away, 'not counted');
  if (facts.last === 'none') {
    if (facts.away === undefined) words.push('not seen');
  } else {
    words.push(wordsForMark(facts.last === 'pass'));
    if (facts.tries > 0) words.push(`${facts.passes} of ${facts.tries}`);
  }
  if (facts.where !== undefined) words.push(wordsForWhere(facts.where));
  if (facts.needsYou && facts.where !== 'needs-you') words.push('an earlier mark needs you');
  if (facts.unsaved !== undefined) words.push(`${wordsForMark(facts.unsaved.passed)} was not saved`);
  return words.join(', ');
}
