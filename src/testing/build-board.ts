import type { MarkId, UserId } from '#domain/ids.ts';
import { LessonBoard } from '#features/roster/lesson-board.ts';
import { buildMark } from './build-mark.ts';

/** A lesson of these students on a disk that takes every tap at once. */
export function buildBoard(roster: readonly UserId[]): LessonBoard {
  let taps = 0;
  let seq = 0;
  const board = new LessonBoard({
    save: (gesture) =>
      Promise.resolve({
        kind: 'saved',
        marks: gesture.map(({ id, student, passed }) => ({
          ...buildMark({ id, student, passed }),
          seq: ++seq,
        })),
      }),
    newId: () => `tap-${++taps}` as MarkId,
    now: () => 0,
  });
  board.setRoster(roster);
  return board;
}
