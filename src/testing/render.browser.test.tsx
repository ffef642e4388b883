import { useState } from 'react';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from './render.tsx';

function Counter({ start }: { start: number }) {
  const [count, setCount] = useState(start);
  return <button onClick={() => setCount(count + 1)}>{count} marks</button>;
}

test('draws at once, follows a click and can be drawn again', async () => {
  const { container, rerender } = render(<Counter start={3} />);
  expect(container.textContent).toBe('3 marks');
  await userEvent.click(page.getByRole('button', { name: '3 marks' }));
  await expect.element(page.getByRole('button', { name: '4 marks' })).toBeVisible();
  rerender(<p>nothing left</p>);
  expect(container.textContent).toBe('nothing left');
});

test('leaves nothing behind for the next test', () => {
  expect(document.body.querySelector('button, p')).toBeNull();
});
