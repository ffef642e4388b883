import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shareOf, shownPercent, tallyOf } from './tally.ts';

const marks = (text: string) => Array.from(text).map((sign) => ({ passed: sign === '+' }));

test('counts passes and tries', () => {
  expect(tallyOf(marks('++-+'))).toEqual({ passes: 3, count: 4 });
  expect(tallyOf([])).toEqual({ passes: 0, count: 0 });
  expect(shareOf({ passes: 3, count: 4 })).toBe(0.75);
  expect(shareOf({ passes: 0, count: 0 })).toBeNull();
});

describe('percent on the screen', () => {
  test.each([
    [4 / 6, 0.6, 67],
    [3 / 5, 0.6, 60],
    [0.596, 0.6, 59],
    [0.596, null, 60],
    // 0.07 · 100 is a little more than 7.
    [5 / 72, 0.07, 6],
    [199 / 200, null, 99],
    [1 / 400, null, 1],
    [0, 0, 0],
    [1, 1, 100],
  ])('a share of %d with mastery from %s shows as %d', (share, threshold, shown) => {
    expect(shownPercent(share, threshold)).toBe(shown);
  });

  test('never says mastered by rounding, nor all, nor none', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 2, max: 100 }),
        (a, count, t) => {
          const share = Math.min(a, count) / count;
          const shown = shownPercent(share, t / 100);
          if (share < t / 100) expect(shown).toBeLessThan(t);
          expect(shown === 100).toBe(share === 1);
          expect(shown === 0).toBe(share === 0);
          expect(Math.abs(shown - share * 100)).toBeLessThan(1);
        },
      ),
    );
  });
});
