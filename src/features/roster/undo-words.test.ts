import { expect, it } from 'vitest';
import type { UserId } from '#domain/ids.ts';
import type { MarkState } from '#domain/mark.ts';
import { buildMark } from '#testing/build-mark.ts';
import { nothingToUndoWords, tooLateWords, undoWords } from './undo-words.ts';

const nameOf = (student: UserId) => (student === 'ada' ? 'Ada' : undefined);
const step = (...students: string[]) => ({
  gesture: 'g',
  marks: students.map((student, seq) => ({ ...buildMark({ student: student as UserId }), seq })),
});

it('says what the next undo takes back', () => {
  expect(undoWords(step('ada'), nameOf)).toBe('Ada, pass');
  expect(undoWords(step('ada', 'ben', 'cem'), nameOf)).toBe('3 marks');
  expect(undoWords(step('stranger'), nameOf)).toBe('a pass in another class');
});

const states = (...all: MarkState[]) => all.map((state) => ({ state }));

it('says that Canvas keeps what it has been sent', () => {
  expect(tooLateWords(1, [])).toBeUndefined();
  expect(tooLateWords(0, states('CONFIRMED'))).toMatch(/^Already in Canvas\. Canvas keeps every mark;/);
  expect(tooLateWords(2, states('CONFIRMED'))).toMatch(/^2 taken back; 1 on the way/);
});

it('says that a mark is in Canvas only of one that Canvas has', () => {
  const onTheWay = /^On the way to Canvas, or there already\. Canvas keeps every mark;/;
  for (const state of ['INFLIGHT', 'UNKNOWN', 'QUEUED'] as const) {
    expect(tooLateWords(0, states(state))).toMatch(onTheWay);
    expect(nothingToUndoWords(states('CONFIRMED', state, 'CONFIRMED'))).toMatch(onTheWay);
  }
});

it('says why there is nothing to undo', () => {
  expect(nothingToUndoWords([])).toBeUndefined();
  expect(nothingToUndoWords(states('CONFIRMED', 'CONFIRMED'))).toMatch(/^Already in Canvas\./);
  expect(nothingToUndoWords(states('REJECTED', 'CONFIRMED'))).toMatch(/^Already in Canvas\./);
  expect(nothingToUndoWords(states('CONFIRMED', 'REJECTED'))).toMatch(/did not take the last mark/);
  expect(nothingToUndoWords(states('CONFIRMED', 'HANDED_OVER'))).toMatch(/in the rescue file/);
});
