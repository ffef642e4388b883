import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assessmentScore,
  defaultScale,
  rollupScore,
  scaleOf,
  thresholdOf,
  truncatedThresholdOf,
} from './mastery.ts';
import type { Scale } from './mastery.ts';
import type { CalculationMethod } from './outcome.ts';

const scale: Scale = { pointsPossible: 5, masteryPoints: 3 };

describe('one assessment (contract §6.1)', () => {
  test('5 of 10 on a scale of 5 with mastery 3: half the points, not mastered', () => {
    expect(assessmentScore({ passes: 5, count: 10 }, scale)).toEqual({
      percent: 0.5,
      score: 2.5,
      possible: 5,
      mastery: false,
    });
    expect(thresholdOf(scale)).toBe(0.6);
  });

  test('5 of 5: all points, mastered', () => {
    expect(assessmentScore({ passes: 5, count: 5 }, scale)).toMatchObject({ score: 5, mastery: true });
  });

  test('4 of 5, then one fail: 0.667, 3.33 points, mastered', () => {
    const score = assessmentScore({ passes: 4, count: 6 }, scale);
    expect(score?.percent).toBe(0.6667);
    expect(score?.score).toBeCloseTo(3.33, 2);
    expect(score?.mastery).toBe(true);
  });

  test('3 of 5 is mastery exactly: the threshold itself counts', () => {
    expect(assessmentScore({ passes: 3, count: 5 }, scale)?.mastery).toBe(true);
  });

  test('without a scale the raw counts are the score, and mastery is open', () => {
    expect(assessmentScore({ passes: 3, count: 4 }, null)).toEqual({
      percent: 0.75,
      score: 3,
      possible: 4,
      mastery: null,
    });
  });

  test('without a result there is no score', () => {
    expect(assessmentScore({ passes: 0, count: 0 }, scale)).toBeNull();
  });

  test('a scale without points has no threshold and divides by nothing', () => {
    const empty = { pointsPossible: 0, masteryPoints: 0 };
    expect(thresholdOf(empty)).toBeNull();
    expect(truncatedThresholdOf(empty)).toBeNull();
    expect(assessmentScore({ passes: 1, count: 2 }, empty)).toMatchObject({
      percent: 0.5,
      score: 0,
      mastery: null,
    });
  });

  test('a threshold changed since moves the percent, and neither score nor mastery (step 4)', () => {
    const tally = { passes: 3, count: 10 };
    expect(assessmentScore(tally, scale, 0.6, 0.8)).toEqual({
      percent: 0.4,
      score: 1.5,
      possible: 5,
      mastery: false,
    });
    // Above: T + (p − t)/(1 − t)·(1 − T) = 0.8 + 0.2/0.4·0.2
    expect(assessmentScore({ passes: 8, count: 10 }, scale, 0.6, 0.8)).toMatchObject({
      percent: 0.9,
      score: 4,
    });
    expect(assessmentScore({ passes: 6, count: 10 }, scale, 0.6, 0.8)).toMatchObject({
      percent: 0.8,
      mastery: true,
    });
  });

  test('a threshold that was all or nothing divides by nothing', () => {
    expect(assessmentScore({ passes: 2, count: 2 }, scale, 1, 0.5)?.percent).toBe(1);
    expect(assessmentScore({ passes: 0, count: 2 }, scale, 0, 0.5)?.percent).toBe(0.5);
  });
});

describe('oddities (contract §6.3)', () => {
  test('an outcome without a scale of its own: Canvas divides whole numbers, so everybody has mastered', () => {
    const threshold = truncatedThresholdOf(defaultScale);
    expect(threshold).toBe(0);
    const score = assessmentScore({ passes: 0, count: 3 }, defaultScale, threshold);
    expect(score).toMatchObject({ percent: 0, score: 0, mastery: true });
  });

  test('an outcome of which Canvas tells half a scale has none', () => {
    expect(scaleOf({ pointsPossible: 5 })).toBeNull();
    expect(scaleOf({ pointsPossible: 5, masteryPoints: 3 })).toEqual(scale);
  });
});

test('percent lies between 0 and 1 and grows with the passes, whatever the thresholds', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), share, share, (count, frozen, present) => {
      let before = 0;
      for (let passes = 0; passes <= count; passes += 1) {
        const percent = assessmentScore({ passes, count }, scale, frozen, present)?.percent ?? NaN;
        expect(percent).toBeGreaterThanOrEqual(before);
        expect(percent).toBeLessThanOrEqual(1);
        before = percent;
      }
    }),
  );
});

describe('the rollup over assessments (contract §6.2)', () => {
  const parts = (...percents: readonly number[]) =>
    percents.map((percent, index) => ({ percent, assessedAtMs: index * 86_400_000 }));
  const rollup = (
    calculationMethod: CalculationMethod,
    percents: readonly number[],
    calculationInt?: number,
  ) =>
    rollupScore(parts(...percents), scale, {
      calculationMethod,
      ...(calculationInt === undefined ? {} : { calculationInt }),
    });

  test('highest is the best, latest the newest, average the mean', () => {
    expect(rollup('highest', [0.2, 0.8, 0.4])).toBe(4);
    expect(rollup('latest', [0.2, 0.8, 0.4])).toBe(2);
    expect(rollup('average', [0.2, 0.8, 0.4])).toBe(2.33);
  });

  test('goes by time, not by the order given', () => {
    const shuffled = parts(0.2, 0.4).reverse();
    expect(rollupScore(shuffled, scale, { calculationMethod: 'latest' })).toBe(2);
  });

  test('decaying average weighs the newest against the mean of the older', () => {
    // 65 %: 4·0.65 + mean(1, 2)·0.35
    expect(rollup('decaying_average', [0.2, 0.4, 0.8])).toBe(3.13);
    expect(rollup('decaying_average', [0.2, 0.4, 0.8], 50)).toBe(2.75);
    expect(rollup('decaying_average', [0.8], 50)).toBe(4);
  });

  test('n times mastery is the mean of the mastered ones, and open before there are n', () => {
    expect(rollup('n_mastery', [0.2, 0.6, 1, 0.8], 3)).toBe(4);
    expect(rollup('n_mastery', [0.2, 0.6, 1, 0.8], 4)).toBeNull();
    expect(rollup('n_mastery', [1, 1, 1, 1])).toBeNull();
    expect(rollup('n_mastery', [1, 1, 1, 1, 1])).toBe(5);
  });

  test('a scale without points counts in mastery points', () => {
    const pointless = { pointsPossible: 0, masteryPoints: 3 };
    expect(rollupScore(parts(0.5), pointless, { calculationMethod: 'latest' })).toBe(1.5);
  });

  test('nothing to roll up, or a method whose formula nobody knows, is open', () => {
    expect(rollup('highest', [])).toBeNull();
    for (const method of ['other', 'weighted_average', 'standard_decaying_average'] as const) {
      expect(rollup(method, [0.5])).toBeNull();
    }
  });

  test('rounds as Ruby does', () => {
    const points = (value: number) => rollupScore(parts(value / 5), scale, { calculationMethod: 'latest' });
    expect(points(3.335)).toBe(3.34);
    expect(points(2.675)).toBe(2.68);
    expect(points(1.25)).toBe(1.25);
    const hundredths = { pointsPossible: 1, masteryPoints: 1 };
    expect(rollupScore(parts(1.005), hundredths, { calculationMethod: 'latest' })).toBe(1.01);
  });
});
