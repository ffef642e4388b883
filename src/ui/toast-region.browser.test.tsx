import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from '#testing/render.tsx';
import { ToastRegion } from './toast-region.tsx';
import { showToast, useToasts } from './toast-store.ts';
import './base.css';
import './theme.css';

beforeEach(() => useToasts.setState({ toasts: [] }));

test('a message with something to do about it is not squeezed into a column of single words', async () => {
  await page.viewport(768, 1024);
  const words = 'The mark of Nikhil Chatterjee is in Canvas, or on the way there. It cannot be replaced.';
  showToast({ words, action: { label: 'Add “not yet” for Nikhil Chatterjee', run: () => undefined } });
  render(<ToastRegion />);
  const said = page.getByText(words).element().getBoundingClientRect();
  const button = page.getByRole('button', { name: /^Add/ }).element().getBoundingClientRect();
  expect(said.width).toBeGreaterThan(400);
  expect(button.top).toBeGreaterThanOrEqual(said.bottom);
  expect(button.height).toBe(44);
  const close = page.getByRole('button', { name: 'Close message' }).element().getBoundingClientRect();
  expect(close.left).toBeGreaterThanOrEqual(said.right);
});

test('what is named with one long word stays inside the screen at 320 px', async () => {
  await page.viewport(320, 568);
  showToast({
    words: 'Krishnamurthy-Featherstonehaugh-Wolfeschlegelsteinhausen is in Canvas.',
    action: {
      label: 'Add “not yet” for Krishnamurthy-Featherstonehaugh-Wolfeschlegelsteinhausen',
      run: () => undefined,
    },
  });
  render(<ToastRegion />);
  await expect.element(page.getByRole('button', { name: /^Add/ })).toBeVisible();
  expect(document.documentElement.scrollWidth).toBe(320);
  const close = page.getByRole('button', { name: 'Close message' }).element().getBoundingClientRect();
  const add = page.getByRole('button', { name: /^Add/ }).element().getBoundingClientRect();
  expect(Math.max(close.right, add.right)).toBeLessThanOrEqual(320);
});
