import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { secondOf } from '#domain/instant.ts';
import { wireTime } from './wire-time.ts';

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const NIGHTS = [0, -1, 1, 86_399_999, 86_400_000, -86_400_000, -86_400_001, FIRST_MS, LAST_MS];

test('§1.7 a time is written as everywhere else in the program, whatever was written before', () => {
  const anyTime = fc.oneof(fc.integer({ min: FIRST_MS, max: LAST_MS }), fc.constantFrom(...NIGHTS));
  fc.assert(
    fc.property(fc.array(anyTime, { minLength: 1, maxLength: 5 }), (times) => {
      for (const ms of times) expect(wireTime(ms)).toBe(secondOf(ms));
    }),
    { numRuns: 2000 },
  );
  expect(wireTime(null)).toBeNull();
});
