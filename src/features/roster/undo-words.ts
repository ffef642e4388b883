import type { UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { UndoStep } from '#store/marks/undo.ts';
import { wordsForMark } from './tile-words.ts';

/**
 * What the next undo takes back: "Amara, pass", "9 marks".
 * @param nameOf what the teacher calls a student; undefined for one who is not in this class
 */
export function undoWords(step: UndoStep, nameOf: (student: UserId) => string | undefined): string {
  const [mark, ...more] = step.marks;
  if (mark === undefined || more.length > 0) return `${step.marks.length} marks`;
  const name = nameOf(mark.student);
  return name === undefined
    ? `a ${wordsForMark(mark.passed)} in another class`
    : `${name}, ${wordsForMark(mark.passed)}`;
}

/** What to say when an undo came too late for some or all of its marks; undefined when it took everything back. */
export function tooLateWords(withdrawn: number, tooLate: readonly Stateful[]): string | undefined {
  if (tooLate.length === 0) return undefined;
  if (withdrawn === 0) return sentWords(tooLate);
  return `${withdrawn} taken back; ${tooLate.length} on the way to Canvas or there already. Canvas keeps every mark.`;
}

/**
 * Why no mark of a lesson can be undone.
 * @param marks those that count or were refused, in order of `seq`
 * @returns undefined when there is none
 */
export function nothingToUndoWords(marks: readonly Stateful[]): string | undefined {
  switch (marks.at(-1)?.state) {
    case undefined:
      return undefined;
    case 'REJECTED':
      return 'Canvas did not take the last mark. It cannot be undone; decide about it under “needs you”.';
    case 'HANDED_OVER':
      return 'The last mark is in the rescue file. It cannot be undone here.';
    default:
      return sentWords(marks.filter(({ state }) => state !== 'REJECTED'));
  }
}

type Stateful = Pick<Mark, 'state'>;

/** What Canvas does with marks that have been sent (design: after sending, on undo). */
function sentWords(marks: readonly Stateful[]): string {
  const isInCanvas = marks.every(({ state }) => state === 'CONFIRMED');
  const where = isInCanvas ? 'Already in Canvas' : 'On the way to Canvas, or there already';
  return `${where}. Canvas keeps every mark; add another to change the average.`;
}
