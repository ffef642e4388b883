import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Router } from 'wouter';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { AccountContext } from '#features/account-context.ts';
import type { AccountContextValue } from '#features/account-context.ts';
import { openAccount } from '#testing/open-account.ts';
import { render } from '#testing/render.tsx';
import { DayNotice } from './day-notice.tsx';

const course = {
  id: '11' as CourseId,
  name: 'Maths',
  timeZone: 'Pacific/Auckland',
  roles: ['teacher' as const],
  readAt: 0,
  listed: true,
};
const notice = page.getByRole('alert');

/** Only the day is set: timers go on as ever. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-23T10:30:00+13:00') });
});
afterEach(() => {
  vi.useRealTimers();
});

function wakeAt(instant: string): void {
  vi.setSystemTime(Date.parse(instant));
  document.dispatchEvent(new Event('visibilitychange'));
}

async function openLesson() {
  const store = await openAccount();
  const assessment = await store.classroom.chooseAssessment({
    course: course.id,
    key: '2026-11-23,title_warm-up-1' as AssessmentKey,
    title: 'Warm-up',
    date: '2026-11-23',
    chosenAt: 1,
  });
  const navigate = vi.fn<(to: string) => void>();
  const value = { store } as AccountContextValue;
  render(
    <Router hook={() => ['/', navigate]}>
      <AccountContext value={value}>
        <DayNotice course={course} assessment={assessment} />
      </AccountContext>
    </Router>,
  );
  return { store, navigate };
}

test('a tablet that wakes up the next morning says whose lesson it shows, and begins today’s', async () => {
  const { store, navigate } = await openLesson();
  wakeAt('2026-11-23T23:59:00+13:00');
  await expect.element(notice).not.toBeInTheDocument();
  wakeAt('2026-11-24T08:05:00+13:00');
  await expect.element(notice).toHaveTextContent('This is Monday’s lesson.');
  await userEvent.click(page.getByRole('button', { name: 'Begin today’s' }));
  await expect.poll(() => navigate.mock.calls.map(([to]) => to)).toHaveLength(1);
  const [path] = navigate.mock.calls[0] ?? [];
  expect(path).toMatch(/^\/courses\/11\/2026-11-24,title_warm-up-/);
  const key = path?.split('/').at(-1);
  const begun = await store.classroom.assessment(`11/${key ?? ''}` as never);
  expect(begun).toMatchObject({ title: 'Warm-up', date: '2026-11-24' });
});

test('who stays in the lesson is asked again only on another day', async () => {
  await openLesson();
  wakeAt('2026-11-24T08:05:00+13:00');
  await userEvent.click(page.getByRole('button', { name: 'Stay in this one' }));
  await expect.element(notice).not.toBeInTheDocument();
  wakeAt('2026-11-24T11:00:00+13:00');
  await expect.element(notice).not.toBeInTheDocument();
  wakeAt('2026-11-25T08:05:00+13:00');
  await expect.element(notice).toBeVisible();
});
