import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AccountContext } from '#features/account-context.ts';
import type { AccountContextValue } from '#features/account-context.ts';
import { buildMark } from '#testing/build-mark.ts';
import { buildStudent } from '#testing/build-student.ts';
import { expectAccessible } from '#testing/expect-accessible.ts';
import { openAccount } from '#testing/open-account.ts';
import { render } from '#testing/render.tsx';
import { NeedsYouSheet } from './needs-you-sheet.tsx';
import type { Names } from './use-names.ts';
import './outbox-screen.css';
import '#ui/base.css';
import '#ui/theme.css';

const names: Names = {
  student: () => 'Ada Lovelace',
  course: () => 'Maths',
  assessment: () => 'Ratios',
  classOf: () => ['Ben Okri', 'Cem Demir'].map((name) => buildStudent(name, { name })),
};

afterEach(() => {
  delete document.documentElement.dataset['theme'];
});

for (const look of ['light', 'dark', 'sun'] as const)
  test(`what can be done with a refused mark is accessible, ${look}`, async () => {
    document.documentElement.dataset['theme'] = look;
    const store = await openAccount();
    const mark = { ...buildMark({ state: 'REJECTED', reason: 'not in the course' }), seq: 1 };
    render(
      <AccountContext value={{ store } as AccountContextValue}>
        <NeedsYouSheet mark={mark} names={names} onClose={() => undefined} />
      </AccountContext>,
    );
    const sheet = page.getByRole('dialog', { name: 'Canvas did not take this mark' });
    await expect.element(sheet).toBeVisible();
    await expectAccessible(sheet.element());
    for (const control of sheet.element().querySelectorAll('.sheet-body :is(button, input, select)'))
      expect(control.getBoundingClientRect().height).toBeGreaterThanOrEqual(44);
    await userEvent.selectOptions(page.getByRole('combobox'), 'Cem Demir');
    await expectAccessible(sheet.element());
  });
