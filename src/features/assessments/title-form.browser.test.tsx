import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from '#testing/render.tsx';
import { TitleForm } from './title-form.tsx';

const field = page.getByRole('textbox', { name: 'Title' });
const start = page.getByRole('button', { name: 'Start with this title' });

it('begins with the title as it will stand in Canvas', async () => {
  const onStart = vi.fn();
  render(<TitleForm onStart={onStart} />);
  await userEvent.fill(field, '  Times   tables ');
  await userEvent.click(start);
  expect(onStart).toHaveBeenCalledExactlyOnceWith('Times tables');
});

it('asks for a title when there is none', async () => {
  const onStart = vi.fn();
  render(<TitleForm onStart={onStart} />);
  await userEvent.click(start);
  await expect.element(field).toHaveAccessibleDescription(/Give it a title first/);
  expect(onStart).not.toHaveBeenCalled();
});

it('says while typing that 300 characters are too many, and does not begin', async () => {
  const onStart = vi.fn();
  render(<TitleForm onStart={onStart} />);
  await userEvent.fill(field, 'x'.repeat(300));
  await expect.element(page.getByRole('alert')).toHaveTextContent('this one has 300');
  await userEvent.click(start);
  expect(onStart).not.toHaveBeenCalled();
});
