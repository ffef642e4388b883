import type { MarkId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { canWithdraw } from '#store/marks/withdraw.ts';
import { Listeners } from './listeners.ts';
import type { Tap } from './tap.ts';
import { isCounted, shownOf, tileOf } from './tile-facts.ts';
import type { OpenTap, TileFacts } from './tile-facts.ts';

/** What the board knows of one student. */
export interface StudentEntry {
  /** In order of `seq`. */
  marks: readonly Mark[];
  taps: readonly PaintedTap[];
  caught: 'pass' | 'fail' | undefined;
  isSelected: boolean;
  facts: TileFacts;
  readonly listeners: Listeners;
}

interface PaintedTap extends OpenTap {
  readonly tap: Tap;
}

export const blankTile = tileOf({
  marks: [],
  taps: [],
  away: undefined,
  round: { isSeen: false, layers: '' },
});

export function newEntry(): StudentEntry {
  return {
    marks: [],
    taps: [],
    caught: undefined,
    isSelected: false,
    facts: blankTile,
    listeners: new Listeners(),
  };
}

/** Takes over a mark from the disk; the tap it came from is no longer open. */
export function putMark(entry: StudentEntry, mark: Mark): void {
  entry.marks = withMark(entry.marks, mark);
  if (entry.taps.length > 0) dropTap(entry, mark.id);
}

/** Shows a tap, in its old place if it was shown before. It answers what was held back. */
export function paintTap(entry: StudentEntry, tap: Tap, state: OpenTap['state']): void {
  const painted = { id: tap.id, passed: tap.passed, state, tap, replaces: tap.replaces?.id };
  const isKnown = entry.taps.some(({ id }) => id === tap.id);
  entry.taps = isKnown
    ? entry.taps.map((other) => (other.id === tap.id ? painted : other))
    : [...entry.taps, painted];
  entry.caught = undefined;
}

export function dropTap(entry: StudentEntry, tap: MarkId): void {
  entry.taps = entry.taps.filter(({ id }) => id !== tap);
}

/** Lets go of the taps that could not be saved. */
export function dropFailedTaps(entry: StudentEntry): void {
  entry.taps = entry.taps.filter(isSaving);
}

export function savingTaps(entry: StudentEntry): readonly Tap[] {
  return entry.taps.filter(isSaving).map(({ tap }) => tap);
}

/**
 * What a tap takes the place of in single mode.
 * @returns undefined: nothing; `busy`: the mark before it is still being written; `sent`: Canvas keeps the mark there is
 */
export function markToReplace(entry: StudentEntry): Mark | 'busy' | 'sent' | undefined {
  if (entry.taps.some(isSaving)) return 'busy';
  const last = shownOf(entry).marks.findLast(isCounted);
  return last === undefined || canWithdraw(last) ? last : 'sent';
}

function isSaving({ state }: OpenTap): boolean {
  return state === 'saving';
}

/** Puts a mark in its place. Almost always that is the end. */
function withMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const last = marks.at(-1);
  if (last === undefined || last.seq < mark.seq) return [...marks, mark];
  return [...marks.filter(({ seq }) => seq !== mark.seq), mark].sort((a, b) => a.seq - b.seq);
}
