import { expect, test } from 'vitest';
import { isMet, median, tableOf } from './figures.ts';

test('the median is the middle, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 7])).toBe(6);
  expect(() => median([])).toThrow('no measurement');
});

test('the table says which limits are met', () => {
  const quick = { name: 'tap', measured: '2 of 3 ms', value: 1.5, unit: '×', limit: 1.75 };
  const slow = { ...quick, name: 'load', value: 131.25 };
  expect([isMet(quick), isMet(slow)]).toEqual([true, false]);
  expect(tableOf([quick, slow]).split('\n')).toEqual([
    '| figure | measured  | value | limit    |         |',
    '|--------|-----------|-------|----------|---------|',
    '| tap    | 2 of 3 ms | 1.5 × | ≤ 1.75 × | met     |',
    '| load   | 2 of 3 ms | 131 × | ≤ 1.75 × | NOT MET |',
  ]);
});
