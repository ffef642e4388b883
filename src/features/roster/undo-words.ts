import type { UserId } from '#domain/ids.ts';
import type { UndoStep } from '#store/marks/undo.ts';
import { wordsForMark } from './tile-words.ts';

/** What Canvas does with marks that have been sent (design: after sending, on undo). */
export const alreadyInCanvas =
  'Already in Canvas. Canvas keeps every mark; add another to change the average.';

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
export function tooLateWords(withdrawn: number, tooLate: number): string | undefined {
  if (tooLate === 0) return undefined;
  if (withdrawn === 0) return alreadyInCanvas;
  return `${withdrawn} taken back; ${tooLate} on the way to Canvas or there already. Canvas keeps every mark.`;
}
