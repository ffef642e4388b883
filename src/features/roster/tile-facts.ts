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
}

/** What one tile says. A new object only when something it says has changed. */
export interface TileFacts {
  readonly last: 'none' | 'pass' | 'fail';
  readonly passes: number;
  readonly tries: number;
  readonly where: Whereabouts | undefined;
  readonly away: AwayReason | undefined;
  /** True while any mark of the student, not only the last, was refused and waits for a decision. */
  readonly needsYou: boolean;
  /** The first tap that could not be saved. */
  readonly unsaved: OpenTap | undefined;
}

export interface TileSources {
  /** In order of `seq`. */
  readonly marks: readonly Mark[];
  /** In order of tapping; later than all of `marks`. */
  readonly taps: readonly OpenTap[];
  readonly away: AwayReason | undefined;
}

/** Puts together what a tile says from what is on the disk and what is on its way there. */
export function tileOf({ marks, taps, away }: TileSources): TileFacts {
  const shown = marks.filter(isShown);
  const saving = taps.filter((tap) => tap.state === 'saving');
  const tally = tallyOf([...shown.filter(isCounted), ...saving]);
  const lastSaving = saving.at(-1);
  const last = lastSaving ?? shown.at(-1);
  return {
    last: last === undefined ? 'none' : last.passed ? 'pass' : 'fail',
    passes: tally.passes,
    tries: tally.count,
    where: lastSaving !== undefined ? 'saving' : whereIs(shown.at(-1)),
    away,
    needsYou: shown.some((mark) => mark.state === 'REJECTED'),
    unsaved: taps.find((tap) => tap.state === 'failed'),
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

function whereIs(mark: Mark | undefined): Whereabouts | undefined {
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
