import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Router } from 'wouter';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { AccountContext } from '#features/account-context.ts';
import type { AccountContextValue } from '#features/account-context.ts';
import type { LocalAssessment } from '#store/classroom.ts';
import { expectAccessible } from '#testing/expect-accessible.ts';
import { openAccount } from '#testing/open-account.ts';
import { render } from '#testing/render.tsx';
import type { Rendered } from '#testing/render.tsx';
import { DayNotice } from './day-notice.tsx';
import '#features/roster/roster-bars.css';
import '#ui/base.css';
import '#ui/theme.css';

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
afterEach(async () => {
  vi.useRealTimers();
  await page.viewport(1024, 768);
  delete document.documentElement.dataset['theme'];
});

function wakeAt(instant: string): void {
  vi.setSystemTime(Date.parse(instant));
  document.dispatchEvent(new Event('visibilitychange'));
}

async function openLesson(look: 'light' | 'dark' | 'sun' = 'light') {
  const store = await openAccount();
  const begin = (title: string, date: string) =>
    store.classroom.chooseAssessment({
      course: course.id,
      key: `${date},title_${title}-1` as AssessmentKey,
      title,
      date,
      chosenAt: 1,
    });
  const navigate = vi.fn<(to: string) => void>();
  const value = { store } as AccountContextValue;
  document.documentElement.dataset['theme'] = look;
  let shown: Rendered | undefined;
  /** Each lesson has a screen of its own, as it has an address of its own. */
  const show = (assessment: LocalAssessment) => {
    shown?.unmount();
    shown = render(
      <Router hook={() => ['/', navigate]}>
        <AccountContext value={value}>
          <div className="roster">
            <header className="roster-bar roster-top" />
            <DayNotice course={course} assessment={assessment} />
            <div className="roster-room" />
            <footer className="roster-bar roster-bottom" />
          </div>
        </AccountContext>
      </Router>,
    );
    return shown;
  };
  const { container } = show(await begin('Warm-up', '2026-11-23'));
  return { store, navigate, begin, show, container };
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

test('who stays in the lesson stays in all its outcomes, and is asked again in the lesson of another day', async () => {
  const { begin, show } = await openLesson();
  wakeAt('2026-11-25T08:05:00+13:00');
  await userEvent.click(page.getByRole('button', { name: 'Stay in this one' }));
  await expect.element(notice).not.toBeInTheDocument();
  show(await begin('Reading', '2026-11-24'));
  await expect.element(notice).toHaveTextContent('This is Tuesday’s lesson.');
  show(await begin('Counting', '2026-11-23'));
  // Long enough for the disk to have told what is kept.
  await begin('Writing', '2026-11-23');
  await expect.element(notice).not.toBeInTheDocument();
});

for (const [width, height] of [
  [320, 568],
  [256, 192],
] as const)
  test(`hides no student at ${width} × ${height}, where it is higher than the bar`, async () => {
    await page.viewport(width, height);
    const { container } = await openLesson();
    wakeAt('2026-11-24T08:05:00+13:00');
    await expect.element(notice).toBeVisible();
    const box = (css: string) => container.querySelector(css)!.getBoundingClientRect();
    expect(box('.roster-room').top).toBeGreaterThanOrEqual(box('.notice-bar').bottom);
    expect(document.documentElement.scrollWidth).toBe(width);
    for (const button of container.querySelectorAll('.notice-bar button')) {
      expect(button.getBoundingClientRect().height).toBeGreaterThanOrEqual(44);
      expect(button.getBoundingClientRect().right).toBeLessThanOrEqual(width);
    }
  });

for (const look of ['light', 'dark', 'sun'] as const)
  test(`is accessible, ${look}`, async () => {
    const { container } = await openLesson(look);
    wakeAt('2026-11-24T08:05:00+13:00');
    await expect.element(notice).toBeVisible();
    await expectAccessible(container.querySelector('.notice-bar'));
  });
