import { expect, test } from 'vitest';
import { problemWords } from './problem-words.ts';

test('says what went wrong with a sign-in, and nothing when nothing did', () => {
  expect(problemWords('')).toBeUndefined();
  expect(problemWords('?problem=denied')).toMatch(/allow it/);
  expect(problemWords('?problem=unreachable')).toMatch(/does not answer/);
  expect(problemWords('?problem=constructor')).toBe(problemWords('?problem=failed'));
});
