import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { AccountContext } from '#features/account-context.ts';
import type { AccountContextValue } from '#features/account-context.ts';
import { openAccount } from '#testing/open-account.ts';
import { render } from '#testing/render.tsx';
import { rosterViewPref } from './lesson-prefs.ts';
import type { SheetLesson } from './sheet-lesson.ts';
import { ViewSheet } from './view-sheet.tsx';
import './sheets.css';
import '#ui/base.css';
import '#ui/theme.css';

test('boxes beside words of two lines are as large as the others', async () => {
  const store = await openAccount();
  const lesson = {
    course: '1' as CourseId,
    assessmentKey: 'key' as AssessmentKey,
    record: { sections: [], groups: [] },
    view: rosterViewPref.fallback,
  } as unknown as SheetLesson;
  render(
    <AccountContext value={{ store } as AccountContextValue}>
      <div style={{ width: '18rem' }}>
        <ViewSheet lesson={lesson} onClose={() => undefined} />
      </div>
    </AccountContext>,
  );
  await expect.element(page.getByRole('checkbox', { name: /^A short vibration/ })).toBeVisible();
  const widths = page
    .getByRole('checkbox')
    .elements()
    .map((box) => box.getBoundingClientRect().width);
  expect(widths.length).toBeGreaterThanOrEqual(5);
  expect(new Set(widths)).toEqual(new Set([22]));
});
