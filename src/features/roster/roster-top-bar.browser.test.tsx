import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { MarkId, UserId } from '#domain/ids.ts';
import { buildMark } from '#testing/build-mark.ts';
import { render } from '#testing/render.tsx';
import { LessonBoard } from './lesson-board.ts';
import { NotSeenChip } from './roster-top-bar.tsx';

test('those not seen are counted in the part of the class that is shown', async () => {
  const students = ['ada', 'ben', 'eve'].map((id) => ({ id: id as UserId }));
  const [ada, ben, eve] = students;
  let seq = 0;
  const board = new LessonBoard({
    save: (taps) =>
      Promise.resolve({
        kind: 'saved',
        marks: taps.map(({ id, student, passed }) => ({ ...buildMark({ id, student, passed }), seq: ++seq })),
      }),
    newId: () => `tap-${seq}` as MarkId,
    now: () => 0,
  });
  board.setRoster(students.map(({ id }) => id));
  const chip = page.getByRole('button', { name: /^Not seen/ });
  const { rerender } = render(<NotSeenChip board={board} among={undefined} onToggle={() => undefined} />);
  await expect.element(chip).toHaveTextContent('Not seen 3');
  rerender(<NotSeenChip board={board} among={[ada!, ben!]} onToggle={() => undefined} />);
  await expect.element(chip).toHaveTextContent('Not seen 2');
  board.tap(ada!.id, true);
  await expect.element(chip).toHaveTextContent('Not seen 1');
  board.tap(eve!.id, true);
  board.setAway(new Map([[ben!.id, 'absent']]));
  await expect.element(chip).toHaveTextContent('Not seen 0');
});
