/** Several tries of one student in one assessment. */
export interface Tally {
  readonly passes: number;
  readonly count: number;
}

/** Counts marks. Give it only those that count: what was withdrawn or handed over is no try. */
export function tallyOf(marks: Iterable<{ readonly passed: boolean }>): Tally {
  let passes = 0;
  let count = 0;
  for (const { passed } of marks) {
    count += 1;
    if (passed) passes += 1;
  }
  return { passes, count };
}

/** Passes as a share, 0 to 1; null without a try. */
export function shareOf({ passes, count }: Tally): number | null {
  return count === 0 ? null : passes / count;
}

/**
 * A share as whole percent for the screen. Rounding never lifts it over the mastery threshold: 59.6 % of 60 shows
 * as 59, because the gradebook will not call it mastered. Nor does it show 100 for all but one, or 0 for one.
 */
export function shownPercent(share: number, threshold: number | null = null): number {
  const rounded = Math.round(share * 100);
  const lifted = (threshold !== null && share < threshold && rounded / 100 >= threshold) || rounded === 100;
  if (lifted && share < 1) return rounded - 1;
  return rounded === 0 && share > 0 ? 1 : rounded;
}
