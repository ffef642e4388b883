import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { OutcomeId } from '#domain/ids.ts';
import type { Outcome } from '#domain/outcome.ts';
import { render } from '#testing/render.tsx';
import { OutcomeList } from './outcome-list.tsx';

const titles = [
  'Équations',
  'Fractions',
  'Triangles',
  'Algèbre',
  'Data',
  'Ratio',
  'Reasoning',
  'Works with others',
];
const outcomes = titles.map((title, index): Outcome => ({
  id: (index + 1).toString() as OutcomeId,
  title,
  calculationMethod: 'highest',
  groupTitle: index < 6 ? 'Number' : 'Ways of working',
}));

it('finds an outcome by any part of its name, accents ignored, and begins it', async () => {
  const onStart = vi.fn();
  render(<OutcomeList outcomes={outcomes} onStart={onStart} />);
  await userEvent.fill(page.getByRole('searchbox', { name: 'Find an outcome' }), 'equa');
  await expect.element(page.getByRole('listitem')).toBeInTheDocument();
  await userEvent.click(page.getByRole('button', { name: /Équations/ }));
  expect(onStart).toHaveBeenCalledExactlyOnceWith(outcomes[0]);
});

it('says so when nothing is found, and leads back to all', async () => {
  render(<OutcomeList outcomes={outcomes} onStart={vi.fn()} />);
  await userEvent.fill(page.getByRole('searchbox'), 'zzz');
  await expect.element(page.getByText('No outcome has “zzz” in its name.')).toBeVisible();
  await userEvent.click(page.getByRole('button', { name: 'Show all' }));
  expect(page.getByRole('listitem').elements()).toHaveLength(outcomes.length);
});

it('has no search where a look is enough', () => {
  render(<OutcomeList outcomes={outcomes.slice(0, 3)} onStart={vi.fn()} />);
  expect(page.getByRole('searchbox').elements()).toEqual([]);
});
