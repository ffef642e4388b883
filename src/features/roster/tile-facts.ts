import type { MarkId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import { tallyOf } from '#domain/tally.ts';

/** Why a student is not counted in this lesson. It never goes to Canvas. */
export const awayReasons = ['absent', 'excused', 'later'] as const;
export type AwayReason = (typeof awayReasons)[number];

/** Where the last mark is, as far as this device knows. */
export type Whereabouts =
  'saving' | 'saved-here' | 'waiting' | 'checking' | 'in-canvas' | 'needs-you' | 'handed-over';

/** A tap whose mark is not, or not yet, on the disk. */
export interface OpenTap {
  readonly id: MarkId;
  readonly passed: boolean;
  readonly state: 'saving' | 'failed';
  /** The unsent mark it takes the place of (single mode). */
  readonly replaces?: MarkId | undefined;
}

/** Where a student stands in the passes over the class. */
export interface RoundFacts {
  readonly isSeen: boolean;
  /** The last mark of each past round, the oldest first: 'p', 'f' or '-'. */
  readonly layers: string;
}

/** What one tile says. A new object only when something it says has changed. */
export interface TileFacts extends RoundFacts {
  readonly last: 'none' | 'pass' | 'fail';
  readonly passes: number;
  readonly tries: number;
  readonly where: Whereabouts | undefined;
  readonly away: AwayReason | undefined;
  /** True while any mark of the student, not only the last, was refused and waits for a decision. */
  readonly needsYou: boolean;
  /** The first tap that could not be saved. */
  readonly unsaved: OpenTap | undefined;
  /** A second tap within a moment, held back until it is confirmed by another one. */
  readonly caught: 'pass' | 'fail' | undefined;
  /** Chosen to be marked together with others. */
  readonly isSelected: boolean;
}

export interface TileSources {
  /** In order of `seq`. */
  readonly marks: readonly Mark[];
  /** In order of tapping; later than all of `marks`. */
  readonly taps: readonly OpenTap[];
  readonly away: AwayReason | undefined;
  readonly round: RoundFacts;
  readonly caught?: 'pass' | 'fail' | undefined;
  readonly isSelected?: boolean;
}

/** What counts of a student, in the order of marking: marks on the disk, then taps on their way there. */
export function shownOf({ marks, taps }: Pick<TileSources, 'marks' | 'taps'>) {
  const saving = taps.filter((tap) => tap.state === 'saving');
  const replaced = new Set(saving.map((tap) => tap.replaces));
  return { marks: marks.filter((mark) => isShown(mark) && !replaced.has(mark.id)), saving };
}

/** Puts together what a tile says from what is on the disk and what is on its way there. */
export function tileOf(sources: TileSources): TileFacts {
  const { taps, away, round, caught, isSelected = false } = sources;
  const { marks, saving } = shownOf(sources);
  const tally = tallyOf([...marks.filter(isCounted), ...saving]);
  const lastSaving = saving.at(-1);
  const last = lastSaving ?? marks.at(-1);
  return {
    ...round,
    last: last === undefined ? 'none' : last.passed ? 'pass' : 'fail',
    passes: tally.passes,
    tries: tally.count,
    where: lastSaving !== undefined ? 'saving' : whereIs(marks.at(-1)),
    away,
    needsYou: marks.some((mark) => mark.state === 'REJECTED'),
    unsaved: taps.find((tap) => tap.state === 'failed'),
    caught,
    isSelected,
  };
}

export function sameFacts(a: TileFacts, b: TileFacts): boolean {
  return (Object.keys(a) as (keyof TileFacts)[]).every((key) => a[key] === b[key]);
}

/** Whether a mark is still an answer to "what did this student do": an undone or discarded one is not. */
export function isShown(mark: Mark): boolean {
  return mark.state !== 'WITHDRAWN' && !(mark.state === 'REJECTED' && mark.resolution !== undefined);
}

/** Whether a mark counts as a try. A refused one does not: Canvas will never count it. */
export function isCounted(mark: Mark): boolean {
  return isShown(mark) && mark.state !== 'REJECTED';
}

/** Where a mark is; undefined for none, and for one that was undone. */
export function whereIs(mark: Pick<Mark, 'state'> | undefined): Whereabouts | undefined {
  return mark === undefined ? undefined : whereabouts(mark.state);
}

function whereabouts(state: MarkState): Whereabouts | undefined {
  switch (state) {
    case 'HELD':
      return 'saved-here';
    case 'QUEUED':
    case 'INFLIGHT':
      return 'waiting';
    case 'UNKNOWN':
      return 'checking';
    case 'CONFIRMED':
      return 'in-canvas';
    case 'REJECTED':
      return 'needs-you';
    case 'HANDED_OVER':
      return 'handed-over';
    case 'WITHDRAWN':
      return undefined;
  }
}
