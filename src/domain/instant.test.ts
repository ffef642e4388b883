import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSecond, secondOf, secondToMs } from './instant.ts';

test('writes whole seconds in UTC, rounded down', () => {
  expect(secondOf(Date.parse('2014-05-26T21:57:23.999Z'))).toBe('2014-05-26T21:57:23Z');
  expect(secondOf(-1)).toBe('1969-12-31T23:59:59Z');
});

test('reads any offset and a zero fraction, and nothing with a fraction: such a row is not ours', () => {
  expect(parseSecond('2014-05-26T14:57:23-07:00')).toBe('2014-05-26T21:57:23Z');
  expect(parseSecond('2014-05-26T21:57:23.000Z')).toBe('2014-05-26T21:57:23Z');
  expect(parseSecond('2014-05-26T21:57:23.001Z')).toBeUndefined();
  expect(parseSecond('2014-05-26T21:57:23.500Z')).toBeUndefined();
  for (const no of ['', 'x', '2014-13-05T00:00:00Z']) expect(parseSecond(no)).toBeUndefined();
});

test('what was written is read back as itself', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
      const second = secondOf(ms);
      expect(parseSecond(second)).toBe(second);
      expect(secondToMs(second)).toBe(Math.floor(ms / 1000) * 1000);
    }),
  );
});
