import { expect, test } from 'vitest';
import type { MarkId, UserId } from '#domain/ids.ts';
import type { Tap } from './tap.ts';
import { countUnsaved, dropSaved, dropTapsOn } from './unsaved-gestures.ts';

const tap = (id: string, student: string): Tap => ({
  id: id as MarkId,
  student: student as UserId,
  passed: true,
  tappedAt: 0,
});
const [ada, ben, adaAgain] = [tap('1', 'ada'), tap('2', 'ben'), tap('3', 'ada')];

test('taps are counted, not gestures', () => {
  expect(countUnsaved([[ada, ben], [adaAgain]])).toBe(3);
});

test('one student goes from every gesture; the others of it stay together', () => {
  const gestures = new Set([[ada, ben], [adaAgain]]);
  dropTapsOn(gestures, ada.student);
  expect([...gestures]).toEqual([[ben]]);
});

test('a gesture of which the disk holds one tap is held by it whole', () => {
  const gestures = new Set([[ada, ben], [adaAgain]]);
  dropSaved(gestures, ben.id);
  expect([...gestures]).toEqual([[adaAgain]]);
});
