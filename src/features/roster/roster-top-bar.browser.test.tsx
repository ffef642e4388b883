import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { UserId } from '#domain/ids.ts';
import { buildBoard } from '#testing/build-board.ts';
import { render } from '#testing/render.tsx';
import { NotSeenChip, RosterTopBar } from './roster-top-bar.tsx';
import '#ui/base.css';
import '#ui/theme.css';

test('those not seen are counted in the part of the class that is shown', async () => {
  const students = ['ada', 'ben', 'eve'].map((id) => ({ id: id as UserId }));
  const [ada, ben, eve] = students;
  const board = buildBoard(students.map(({ id }) => id));
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

test('at 320 px the bar has three rows at most, so that the class has the rest', async () => {
  await page.viewport(320, 568);
  const board = buildBoard(Array.from({ length: 215 }, (_, n) => `student-${n}` as UserId));
  render(
    <RosterTopBar
      {...{ board, courseHref: '/', part: undefined, chips: [], onNotSeen: () => undefined }}
      courseName="Physical Education, year 7"
    />,
  );
  await expect.element(page.getByRole('button', { name: 'Not seen 215' })).toBeVisible();
  const bar = page.getByRole('banner').element();
  expect(bar.getBoundingClientRect().height).toBeLessThanOrEqual(160);
  for (const control of bar.querySelectorAll('a, button'))
    expect(control.getBoundingClientRect().right).toBeLessThanOrEqual(320);
  const title = page.getByRole('heading').element().getBoundingClientRect();
  const chip = page.getByRole('button', { name: 'Not seen 215' }).element().getBoundingClientRect();
  expect(chip.left - title.right).toBeGreaterThanOrEqual(6);
});
