import type { UserId } from '#domain/ids.ts';
import type { LessonBoard } from './lesson-board.ts';
import type { TileStudent } from './roster-tile.tsx';
import { hasMastered } from './tile-words.ts';

/** What a lesson came to. */
export interface LessonEnd<S extends { readonly id: UserId }> {
  readonly seen: number;
  readonly notSeen: readonly S[];
  /** Marked, and below the outcome's threshold; without a threshold, those whose last mark was "not yet". */
  readonly toReteach: readonly S[];
  readonly away: readonly S[];
}

/** Counts over the whole lesson, all rounds together. */
export function lessonEnd<S extends Pick<TileStudent, 'id'>>(
  board: Pick<LessonBoard, 'tile'>,
  students: readonly S[],
  threshold: number | null,
): LessonEnd<S> {
  const facts = (student: S) => board.tile(student.id);
  const here = students.filter((student) => facts(student).away === undefined);
  const seen = here.filter((student) => facts(student).last !== 'none');
  return {
    seen: seen.length,
    notSeen: here.filter((student) => facts(student).last === 'none'),
    toReteach: seen.filter((student) => {
      const mastered = hasMastered(facts(student), threshold);
      return mastered === undefined ? facts(student).last === 'fail' : !mastered;
    }),
    away: students.filter((student) => facts(student).away !== undefined),
  };
}

/** What is not in Canvas, in numbers. */
interface LeftOver {
  /** Taps that could not be saved. */
  readonly unsaved: number;
  /** True while taps of any lesson, this one or another, could not be saved. */
  readonly isAnyUnsaved: boolean;
  /** True while taps are on their way to the disk. */
  readonly isSaving: boolean;
  readonly waiting: number;
  /** Refused, or saved and not to be read. */
  readonly needsYou: number;
}

/** Whether the app can be closed, in one sentence that is true. */
export function safeToCloseWords(left: LeftOver): string {
  const { unsaved, isAnyUnsaved, isSaving, waiting, needsYou } = left;
  if (unsaved === 1) return '1 mark is not saved. Save it again before you close the app, or it is lost.';
  if (unsaved > 1)
    return `${unsaved} marks are not saved. Save them again before you close the app, or they are lost.`;
  if (isAnyUnsaved)
    return 'Marks of another assessment are not saved. Open it and save them again before you close the app, or they are lost.';
  if (isSaving) return 'Marks are being saved on this device.';
  if (needsYou > 0) return 'Everything is kept on this device. Look at what needs you before you go.';
  if (waiting === 0) return 'All in Canvas. Safe to close.';
  const marks = waiting === 1 ? '1 mark is' : `${waiting} marks are`;
  return `Safe to close: ${marks} kept on this device and go to Canvas when the app is open and Canvas answers.`;
}
