import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { AccountId, AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import { render } from '#testing/render.tsx';
import { LessonBoard } from './lesson-board.ts';
import { UnsavedNotice } from './unsaved-notice.tsx';
import { unsavedTaps } from './unsaved-taps.ts';

/** Whether the browser would ask before the app is closed. */
function isAsked(): boolean {
  return !dispatchEvent(new Event('beforeunload', { cancelable: true }));
}

function openLesson(): LessonBoard {
  const board = new LessonBoard({
    save: () => Promise.reject(new Error('full')),
    newId: () => 'tap' as MarkId,
    now: () => 0,
    unsaved: unsavedTaps('canvas.test/7' as AccountId, {
      course: '11' as CourseId,
      assessmentKey: 'lesson' as AssessmentKey,
    }),
  });
  board.setRoster(['ada' as UserId]);
  return board;
}

test('a mark that is not saved is there again when the lesson is left and opened again, and the app asks before it closes', async () => {
  const board = openLesson();
  const left = render(<UnsavedNotice board={board} lastError={() => undefined} />);
  expect(isAsked()).toBe(false);
  board.tap('ada' as UserId, true);
  await expect.element(page.getByRole('alert')).toHaveTextContent('1 mark is not saved.');
  left.unmount();
  expect(isAsked()).toBe(true);
  render(<UnsavedNotice board={openLesson()} lastError={() => undefined} />);
  await expect.element(page.getByRole('alert')).toHaveTextContent('1 mark is not saved.');
  await userEvent.click(page.getByRole('button', { name: 'Do not keep' }));
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  expect(isAsked()).toBe(false);
});
