import { useState } from 'react';
import { beforeEach, expect, test } from 'vitest';
import type { MarkId } from '#domain/ids.ts';
import { buildMark } from '#testing/build-mark.ts';
import { buildStudent } from '#testing/build-student.ts';
import { render } from '#testing/render.tsx';
import { useToasts } from '#ui/toast-store.ts';
import { rosterStudentOf } from './arrange-roster.ts';
import { LessonBoard } from './lesson-board.ts';
import type { Tap } from './tap.ts';
import { useSpeech, useSpeechAbout } from './use-speech.ts';

const students = [rosterStudentOf(buildStudent('1', { name: 'Ada Lovelace' }))];
const ada = students[0]!.id;
const toasts = () => useToasts.getState().toasts;
let offered: Tap[];

/** A lesson whose disk has sent every mark by the time it is to be replaced. */
function openLesson(): LessonBoard {
  let made: LessonBoard | undefined;
  function Lesson() {
    const speech = useSpeech();
    const [board] = useState(
      () =>
        new LessonBoard({
          save: (taps) => {
            offered.push(...taps);
            return Promise.resolve({ kind: 'too-late' });
          },
          newId: () => 'tap' as MarkId,
          now: () => 0,
          onSettled: speech.settled,
        }),
    );
    useSpeechAbout(speech, board, null, students);
    made = board;
    return null;
  }
  render(<Lesson />);
  return made!;
}

beforeEach(() => {
  offered = [];
  useToasts.setState({ toasts: [] });
});

test('a mark that was sent before it could be replaced is explained, and another can be added', async () => {
  const board = openLesson();
  board.setRoster([ada]);
  board.setMode('single');
  board.read([{ ...buildMark({ student: ada }), seq: 1 }]);
  expect(board.tap(ada, false)).toBe('marked');
  await expect
    .poll(() => toasts().map(({ words }) => words))
    .toEqual([expect.stringMatching(/^The mark of Ada Lovelace is in Canvas, or on the way there\./)]);
  toasts()[0]?.action?.run();
  expect(offered.at(-1)).toMatchObject({ student: ada, passed: false });
  expect(offered.at(-1)?.replaces).toBeUndefined();
});
