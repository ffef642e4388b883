import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { expectAccessible } from '#testing/expect-accessible.ts';
import { render } from '#testing/render.tsx';
import { Sheet } from '#ui/sheet.tsx';
import { SheetContents } from './sheet-contents.tsx';
import type { SheetLesson } from './sheet-lesson.ts';
import '#ui/base.css';
import '#ui/theme.css';

afterEach(() => {
  delete document.documentElement.dataset['theme'];
});

/** The keys are the same in every lesson. */
const lesson = {} as SheetLesson;
const nothing = () => undefined;

for (const look of ['light', 'dark', 'sun'] as const)
  test(`the keys are accessible and clear of the words below them, ${look}`, async () => {
    document.documentElement.dataset['theme'] = look;
    render(
      <Sheet isOpen onClose={nothing} title="Keys">
        <SheetContents sheet={{ kind: 'keys' }} lesson={lesson} onClose={nothing} />
      </Sheet>,
    );
    const sheet = page.getByRole('dialog', { name: 'Keys' });
    await expect.element(sheet).toBeVisible();
    await expectAccessible(sheet.element());
    const lastKey = [...sheet.element().querySelectorAll('kbd')].at(-1)!.getBoundingClientRect();
    const note = page.getByText(/work at any moment/).element();
    expect(note.getBoundingClientRect().top - lastKey.bottom).toBeGreaterThanOrEqual(4);
  });
