import type { OutcomeId } from './ids.ts';

/** How Canvas rolls up the results of an outcome; `other` is one this version does not know. */
export type CalculationMethod =
  | 'highest'
  | 'latest'
  | 'average'
  | 'n_mastery'
  | 'decaying_average'
  | 'weighted_average'
  | 'standard_decaying_average'
  | 'other';

export interface Rating {
  readonly description: string;
  readonly points: number;
}

/** A learning outcome that is linked in a course, so that an assessment can be aligned with it. */
export interface Outcome {
  readonly id: OutcomeId;
  readonly title: string;
  /** A friendlier name some schools give. */
  readonly displayName?: string;
  /** Absent where the outcome has no scale of its own in reach (contract §5.6). */
  readonly pointsPossible?: number;
  readonly masteryPoints?: number;
  readonly ratings?: readonly Rating[];
  /** Canvas counts an unset method as `highest`. */
  readonly calculationMethod: CalculationMethod;
  /** The weight of `decaying_average` in percent, or the n of `n_mastery`. */
  readonly calculationInt?: number;
  /** The folder of outcomes it is linked in. */
  readonly groupTitle?: string;
}

/** The name to show for an outcome. */
export function outcomeName(outcome: Pick<Outcome, 'title' | 'displayName'>): string {
  return outcome.displayName ?? outcome.title;
}
