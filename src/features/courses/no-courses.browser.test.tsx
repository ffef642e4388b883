import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from '#testing/render.tsx';
import { NoCourses } from './no-courses.tsx';

const refresh = () => undefined;

test('courses that this device cannot read are not called absent from it', async () => {
  render(<NoCourses trouble="unreadable" refresh={refresh} />);
  const alert = page.getByRole('alert');
  await expect.element(alert).toHaveTextContent('This device cannot read your courses');
  await expect.element(alert).not.toHaveTextContent('fetched');
});

test('courses that were never fetched say why', async () => {
  render(<NoCourses trouble="no-network" refresh={refresh} />);
  await expect.element(page.getByRole('alert')).toHaveTextContent('could not be fetched: no network');
});
