import { expect, test } from 'vitest';
import { RoundEnd } from './round-end.ts';

const open = (round: number) => ({ round, isRoundComplete: false });
const complete = (round: number) => ({ round, isRoundComplete: true });

test('the end of a round is due once, when nothing is on its way to the disk', () => {
  const end = new RoundEnd();
  expect(end.isDue(open(1), false)).toBe(false);
  expect(end.isDue(complete(1), true)).toBe(false);
  expect(end.isDue(open(2), true)).toBe(false);
  expect(end.isDue(open(2), false)).toBe(true);
  expect(end.isDue(open(2), false)).toBe(false);
});

test('an undo that opens the round again takes its end back', () => {
  const end = new RoundEnd();
  end.isDue(complete(1), true);
  expect(end.isDue(open(1), false)).toBe(false);
  expect(end.isDue(open(2), false)).toBe(false);
});
