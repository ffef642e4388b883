import { expect, it } from 'vitest';
import type { UserId } from '#domain/ids.ts';
import { buildMark } from '#testing/build-mark.ts';
import { tooLateWords, undoWords } from './undo-words.ts';

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

it('says that Canvas keeps what it has been sent', () => {
  expect(tooLateWords(1, 0)).toBeUndefined();
  expect(tooLateWords(0, 1)).toMatch(/^Already in Canvas\. Canvas keeps every mark;/);
  expect(tooLateWords(2, 1)).toMatch(/^2 taken back; 1 on the way/);
});
