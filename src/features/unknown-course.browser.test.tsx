import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { SignedOutError } from '#canvas/errors.ts';
import { AccountContext } from '#features/account-context.ts';
import type { AccountContextValue } from '#features/account-context.ts';
import { openAccount } from '#testing/open-account.ts';
import { render } from '#testing/render.tsx';
import { UnknownCourse } from './unknown-course.tsx';

async function show(listCourses: () => Promise<unknown>): Promise<void> {
  const store = await openAccount();
  const value = { store, client: { listCourses } } as unknown as AccountContextValue;
  render(
    <AccountContext value={value}>
      <UnknownCourse />
    </AccountContext>,
  );
}

test('a course that Canvas could not be asked for can be asked for again, or after a sign-in', async () => {
  let asked = 0;
  await show(() => {
    asked += 1;
    return asked === 1 ? Promise.reject(new SignedOutError('signed out')) : Promise.resolve([]);
  });
  await expect.element(page.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/sign-in');
  await userEvent.click(page.getByRole('button', { name: 'Try again' }));
  await expect.element(page.getByText('Canvas does not list it among your courses')).toBeVisible();
  await expect.element(page.getByRole('link', { name: 'All courses' })).toHaveAttribute('href', '/');
});
