import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { UserId } from '#domain/ids.ts';
import { buildBoard } from '#testing/build-board.ts';
import { render } from '#testing/render.tsx';
import { SelectionBar } from './selection-bar.tsx';
import './roster-bars.css';
import '#ui/base.css';
import '#ui/theme.css';

const [ada, ben, cleo] = ['ada', 'ben', 'cleo'] as UserId[] as [UserId, UserId, UserId];

function showBar(students: readonly UserId[] = [ada, ben, cleo]) {
  const board = buildBoard(students);
  board.setAway(new Map([[ben, 'absent']]));
  const onMarkAll = vi.fn();
  const shown = board.roster.map((id) => ({ id }));
  render(<SelectionBar {...{ board, shown, onMarkAll }} thumb="left" onAway={vi.fn()} />);
  return { board, onMarkAll };
}

const button = (name: string) => page.getByRole('button', { name, exact: true });

test('"all" are those who are here', async () => {
  const { onMarkAll } = showBar();
  await userEvent.click(button('All (2)'));
  await userEvent.click(button('Pass (2)'));
  expect(onMarkAll).toHaveBeenCalledExactlyOnceWith([ada, cleo], true);
});

test('who is not counted is not marked, even when chosen', async () => {
  const { board, onMarkAll } = showBar();
  board.setSelected(new Set([ben]));
  await expect.element(page.getByText('1 chosen')).toBeVisible();
  await expect.element(button('Pass (0)')).toBeDisabled();
  board.setSelected(new Set([ben, cleo]));
  await userEvent.click(button('Not yet (1)'));
  expect(onMarkAll).toHaveBeenCalledExactlyOnceWith([cleo], false);
});

test('nothing is cut off in portrait when a whole year is chosen, in the heaviest type', async () => {
  await page.viewport(768, 1024);
  document.documentElement.dataset['theme'] = 'sun';
  const year = Array.from({ length: 220 }, (_, n) => `student-${n}` as UserId);
  const { board } = showBar(year);
  await userEvent.click(button('All (220)'));
  await expect.element(page.getByText('220 chosen')).toBeVisible();
  expect(board.counters.selected).toBe(220);
  expect(document.documentElement.scrollWidth).toBe(768);
  expect(button('Cancel').element().getBoundingClientRect().right).toBeLessThanOrEqual(768);
  delete document.documentElement.dataset['theme'];
});
