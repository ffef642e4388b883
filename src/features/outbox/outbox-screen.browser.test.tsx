import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Router } from 'wouter';
import { AccountContext } from '#features/account-context.ts';
import type { AccountContextValue } from '#features/account-context.ts';
import type { AccountStore } from '#store/account-store.ts';
import { buildMark } from '#testing/build-mark.ts';
import { newAccount, openAccount } from '#testing/open-account.ts';
import { render } from '#testing/render.tsx';
import { OutboxScreen } from './outbox-screen.tsx';

function show(store: AccountStore, search: string): string[] {
  const visited: string[] = [];
  const value = { store } as AccountContextValue;
  render(
    <Router hook={() => ['/outbox', (to: string) => visited.push(to)]} searchHook={() => search}>
      <AccountContext value={value}>
        <OutboxScreen />
      </AccountContext>
    </Router>,
  );
  return visited;
}

const chip = (name: RegExp) => page.getByRole('button', { name });

it('shows what needs the teacher where the sync words lead', async () => {
  const store = await openAccount();
  await store.sync.write((tx) => tx.marks.add(buildMark({ state: 'REJECTED', reason: 'not in the course' })));
  const visited = show(store, 'show=needs-you');
  await expect.element(chip(/^Needs you 1$/)).toHaveAttribute('aria-pressed', 'true');
  await expect.element(page.getByRole('button', { name: 'Decide' })).toBeVisible();
  await userEvent.click(chip(/^In Canvas$/));
  expect(visited).toEqual(['/outbox?show=in-canvas']);
});

it('shows an assessment that stands still among what needs the teacher', async () => {
  const store = await openAccount();
  const { lane, course, assessmentKey: key } = buildMark();
  await store.classroom.chooseAssessment({ course, key, title: 'Ratios', date: '2026-11-23', chosenAt: 1 });
  await store.sync.write(async (tx) => {
    await tx.marks.add(buildMark({ state: 'QUEUED' }));
    const found = await tx.lanes.get(lane);
    if (found !== undefined) await tx.lanes.put({ ...found, gate: 'permission' });
  });
  show(store, 'show=needs-you');
  await expect.element(chip(/^Needs you 1$/)).toBeVisible();
  await expect.element(page.getByRole('heading', { name: 'Ratios' })).toBeVisible();
  await expect.element(page.getByText('Canvas did not let you send marks here')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

it('says that a saved mark cannot be read, rather than that nothing waits', async () => {
  const account = newAccount();
  const before = await openAccount({ account });
  await before.sync.write((tx) => tx.marks.add(buildMark({ protocolVersion: 99 })));
  before.close();
  show(await openAccount({ account }), '');
  await expect.element(page.getByText('1 saved mark cannot be read')).toBeVisible();
  await expect.element(chip(/^Needs you 1$/)).toBeVisible();
  await expect.element(page.getByText('Nothing waits here')).not.toBeInTheDocument();
});

it('says what would stand here where nothing does, and leads on', async () => {
  show(await openAccount(), '');
  await expect.element(page.getByRole('heading', { name: 'Nothing waits here' })).toBeVisible();
  await expect.element(page.getByText('from the tap until Canvas has it')).toBeVisible();
  await expect.element(page.getByRole('link', { name: 'To your courses' })).toHaveAttribute('href', '/');
});
