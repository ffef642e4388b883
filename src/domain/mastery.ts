import type { Outcome } from './outcome.ts';
import type { Tally } from './tally.ts';

/*
 * The arithmetic of Canvas's gradebook (canvas-contract §6), so that the app can show its numbers before they are
 * there. Same operations in the same order as Canvas, so that the same bits come out.
 */

/** Points of an outcome and how many of them are mastery. */
export interface Scale {
  readonly pointsPossible: number;
  readonly masteryPoints: number;
}

/** Canvas's scale for an outcome without its own: 5 Exceeds, 3 Meets, 0 Does Not Meet (§6.3). */
export const defaultScale: Scale = { pointsPossible: 5, masteryPoints: 3 };

/** @returns null where Canvas tells of no scale: then the raw counts are the score, and there is no threshold */
export function scaleOf({
  pointsPossible,
  masteryPoints,
}: Pick<Outcome, 'pointsPossible' | 'masteryPoints'>): Scale | null {
  return pointsPossible === undefined || masteryPoints === undefined
    ? null
    : { pointsPossible, masteryPoints };
}

/** The share of passes from which a student has mastered; null where the scale has no points to divide by. */
export function thresholdOf(scale: Scale | null): number | null {
  return scale === null || scale.pointsPossible === 0 ? null : scale.masteryPoints / scale.pointsPossible;
}

/**
 * The threshold that Canvas itself computes on its default scale, whose whole numbers it divides as such: 3 of 5
 * gives 0, and everybody counts as mastered, while percent and score stay right (§6.3).
 */
export function truncatedThresholdOf(scale: Scale): number | null {
  return scale.pointsPossible === 0 ? null : Math.trunc(scale.masteryPoints / scale.pointsPossible);
}

/** What the gradebook holds of one student, assessment and outcome. */
export interface AssessmentScore {
  /** 0 to 1, rounded to 4 decimals, rescaled to the outcome's present threshold. */
  readonly percent: number;
  readonly score: number;
  readonly possible: number;
  /** null without a threshold. */
  readonly mastery: boolean | null;
}

/**
 * One assessment, over all results ever stored for the student (§6.1).
 * @param frozen the threshold when the assessment was aligned
 * @param present the outcome's threshold now; the same as `frozen` unless the scale was changed since
 * @returns null without a result: Canvas then has no row either
 */
export function assessmentScore(
  { passes, count }: Tally,
  scale: Scale | null,
  frozen: number | null = thresholdOf(scale),
  present: number | null = frozen,
): AssessmentScore | null {
  if (count === 0) return null;
  const share = passes / count;
  const possible = scale === null ? count : scale.pointsPossible;
  const score = scale === null ? passes : share * scale.pointsPossible;
  const saved = possible === 0 ? share : score / possible;
  return {
    percent: roundTo(rescaled(saved, frozen, present), 4),
    score,
    possible,
    mastery: frozen === null ? null : share >= frozen,
  };
}

/** Moves a share so that what was the threshold when aligned stands where the threshold is now (§6.1, step 4). */
function rescaled(share: number, frozen: number | null, present: number | null): number {
  if (frozen === null || present === null || frozen === present) return share;
  if (share < frozen) return (share * present) / frozen;
  if (frozen >= 1) return 1;
  return present + ((share - frozen) / (1 - frozen)) * (1 - present);
}

/** One assessment's part in a rollup. */
export interface RollupPart {
  readonly percent: number;
  /** When it was last assessed, ms: the order of the parts. */
  readonly assessedAtMs: number;
}

/** Canvas's weight of the newest result, in percent, and its n, where the outcome names none (§6.2). */
const defaultWeight = 65;
const defaultN = 5;

/**
 * The points an outcome shows over several assessments (§6.2), rounded to 2 decimals.
 * @returns null for no assessment, too few of them, or a method whose formula is not known
 */
export function rollupScore(
  parts: readonly RollupPart[],
  scale: Scale,
  { calculationMethod, calculationInt }: Pick<Outcome, 'calculationMethod' | 'calculationInt'>,
): number | null {
  const factor = scale.pointsPossible === 0 ? scale.masteryPoints : scale.pointsPossible;
  const values = [...parts]
    .sort((a, b) => a.assessedAtMs - b.assessedAtMs)
    .map(({ percent }) => percent * factor);
  const newest = values.at(-1);
  if (newest === undefined) return null;
  switch (calculationMethod) {
    case 'highest':
      return roundTo(Math.max(...values), 2);
    case 'latest':
      return roundTo(newest, 2);
    case 'average':
      return roundTo(mean(values), 2);
    case 'decaying_average':
      return roundTo(decayingAverage(values, newest, calculationInt ?? defaultWeight), 2);
    case 'n_mastery': {
      const mastered = values.filter((value) => value >= scale.masteryPoints);
      return mastered.length < (calculationInt ?? defaultN) ? null : roundTo(mean(mastered), 2);
    }
    case 'weighted_average':
    case 'standard_decaying_average':
    case 'other':
      return null;
  }
}

function decayingAverage(values: readonly number[], newest: number, weight: number): number {
  const older = values.slice(0, -1);
  if (older.length === 0) return newest;
  return newest * (weight / 100) + mean(older) * ((100 - weight) / 100);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Rounds half up as Ruby's `Float#round` does: 1.005 counts as the decimal it stands for, though 1.005 · 100 < 100.5. */
function roundTo(value: number, digits: number): number {
  const factor = 10 ** digits;
  const rounded = Math.round(value * factor);
  return (rounded + 0.5) / factor <= value ? (rounded + 1) / factor : rounded / factor;
}
