import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from '#testing/render.tsx';
import { Sheet } from './sheet.tsx';
import { useToasts } from './toast-store.ts';

function Missing(): never {
  throw new TypeError('Failed to fetch dynamically imported module');
}

test('a sheet whose code is gone closes and says so, and promises nothing about what is under it', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const onClose = vi.fn();
  render(
    <Sheet isOpen onClose={onClose} title="Card">
      <Missing />
    </Sheet>,
  );
  await expect.poll(() => onClose.mock.calls.length).toBe(1);
  expect(useToasts.getState().toasts.map(({ words }) => words)).toEqual([
    'This could not be opened. Try again once the app has been reloaded.',
  ]);
  expect(logged).toHaveBeenCalled();
});

test('a sheet brings the look of its lists with it: a lesson starts without any page', async () => {
  render(
    <Sheet isOpen onClose={() => undefined} title="Outcomes">
      <ul className="lines">
        <li className="line">Fractions</li>
      </ul>
    </Sheet>,
  );
  await expect.element(page.getByRole('listitem')).toBeVisible();
  expect(page.getByRole('listitem').element().getBoundingClientRect().height).toBeGreaterThanOrEqual(56);
});
