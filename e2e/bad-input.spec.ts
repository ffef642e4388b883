import type { Page } from '@playwright/test';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

const strange = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'Zoë 👩🏽‍🏫 Brünn',
  'Z\u0351\u036b\u0343a\u0363\u0310lgo Te\u0301st',
  'نور الهدى بن عيسى',
  '"quoted" & \\slashed\\ {assessments.id}',
];

/** Answers the class list in Canvas's place, in pages as Canvas would. */
async function answerStudents(page: Page, names: readonly string[]) {
  const students = names.map((name, n) => {
    // Ids beyond 2^53, as Canvas has them across accounts.
    const id = String(10_000_000_000_000_000n + BigInt(n));
    return { id, name, sortable_name: name, short_name: name, enrollments: [] };
  });
  await page.route(/\/api\/v1\/courses\/\d+\/users/, async (route) => {
    const url = new URL(route.request().url());
    const number = Number(url.searchParams.get('page') ?? '1');
    const answer = await route.fetch();
    const next = new URL(url);
    next.searchParams.set('page', String(number + 1));
    const more = students.length > number * 100;
    await route.fulfill({
      status: 200,
      headers: { ...answer.headers(), link: more ? `<${next.href}>; rel="next"` : '' },
      json: students.slice((number - 1) * 100, number * 100),
    });
  });
}

test('names are shown as they are and run nothing', async ({ page }) => {
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await answerStudents(page, strange);
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const students = await lesson.students();
  // Composed letters and decomposed ones are the same name.
  expect([...students].sort()).toEqual(strange.map((name) => name.normalize('NFC')).sort());
  for (const student of students) await lesson.save(student, 'Pass');
  expect(dialogs).toEqual([]);
});

test('a class of nobody says so, and what to do', async ({ page }) => {
  await answerStudents(page, []);
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await page.getByRole('link', { name: classes.ordinary }).click();
  await page.getByRole('listitem').getByRole('button').first().click();
  await expect(page.getByText(/no students/i).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Pass, / })).toHaveCount(0);
});

test('a class of a thousand can be marked to the last student', async ({ page }) => {
  const names = Array.from({ length: 1000 }, (_, n) => `Student ${String(n).padStart(4, '0')}`);
  await answerStudents(page, names);
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('searchbox', { name: 'Search by name' }).fill('0999');
  await lesson.save('Student 0999', 'Fail');
  await expect(lesson.sync).toContainText('1 saved here');
});

test('a course, an assessment or an address that does not exist gets a plain answer and a way on', async ({
  page,
}) => {
  await lessonOn(page).signIn('teacher');
  await expect(page.getByRole('link', { name: classes.ordinary })).toBeVisible();
  for (const path of [
    '/courses/999999999999',
    '/courses/999999999999/2026-01-01,outcome_1',
    '/nowhere',
    '/courses/~/~',
  ]) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('link').or(page.getByRole('button')).first()).toBeVisible();
    await expect(page.getByRole('button', { name: /^Pass, / })).toHaveCount(0);
  }
});

test('a title of 300 characters is refused in words, before it is anything', async ({ page }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await page.getByRole('link', { name: classes.ordinary }).click();
  const title = page.getByRole('textbox', { name: 'Title' });
  await title.fill('x'.repeat(300));
  await page.getByRole('button', { name: 'Start with this title' }).click();
  await expect(title).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('button', { name: /^Pass, / })).toHaveCount(0);
});

test('a full disk: the mark is shown as not saved, the older ones stay', async ({ page }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const [first, second] = await lesson.students();
  await lesson.save(first!, 'Pass');
  await page.evaluate(() => {
    for (const how of ['add', 'put'] as const) {
      IDBObjectStore.prototype[how] = () => {
        throw new DOMException('The disk is full.', 'QuotaExceededError');
      };
    }
  });
  await lesson.mark(second!, 'Pass');
  await expect(lesson.tile(second!)).toContainText('not saved');
  await expect(lesson.tile(first!)).toContainText('saved here');
  await page.reload();
  await expect(lesson.tile(first!)).toContainText('pass');
  await expect(lesson.tile(second!)).toContainText('not seen');
});

test('a browser that refuses storage: a failure is shown, never an empty list', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('No storage in private mode.', 'InvalidStateError');
    };
  });
  await lessonOn(page).signIn('teacher');
  await expect(page.getByRole('alert').getByRole('heading')).toContainText('does not let Tapmark keep marks');
  await expect(page.getByRole('link', { name: /students/ })).toHaveCount(0);
});
