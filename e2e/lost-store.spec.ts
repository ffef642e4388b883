import type { Page } from '@playwright/test';
import { untilInstalled } from './fixtures/installed.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

/** The browser keeps all databases of a site in one place: what is damaged is removed as a whole. */
test('every database removed by the browser: whoever worked here last is told', async ({
  tablet,
  server,
}) => {
  const lesson = lessonOn(await tablet.start());
  const { page } = lesson;
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  await untilInstalled(page);
  server.network.setOnline(false);
  const students = await lesson.students();
  for (const student of students.slice(0, 2)) await lesson.save(student, 'Pass');
  await expect(lesson.sync).toContainText('2 saved here');
  // A page of the same site on which no app runs.
  server.network.setOnline(true);
  await page.goto('/healthz');
  await removeDatabases(page, () => true);
  server.network.setOnline(false);

  await page.goto('/');
  await expect(page.getByRole('heading', { name: '2 marks that waited here are gone' })).toBeVisible();
  await page.getByRole('button', { name: 'I have read this' }).click();
  await expect(page.getByText('that waited here')).toBeHidden();
  await page.reload();
  await expect(page.getByText(/wait(ed)? (here|on this device)/)).toBeHidden();
});

test('#65 database removed by the browser: what waited is reported, never shown as sent', async ({
  page,
}) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const students = await lesson.students();
  for (const student of students.slice(0, 2)) await lesson.save(student, 'Pass');
  await expect(lesson.sync).toContainText('2 saved here');
  // A page of the same site on which no app runs.
  await page.goto('/manifest.webmanifest');
  await removeDatabases(page, (name) => name !== 'tapmark-device');

  await page.goto('/');
  await expect(page.getByRole('heading', { name: '2 marks that waited here are gone' })).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'I have read this' }).click();
  await expect(page.getByRole('link', { name: classes.ordinary }).or(lesson.sync).first()).toBeVisible();
  await page.reload();
  await expect(page.getByText('that waited here')).toBeHidden();
});

async function removeDatabases(page: Page, which: (name: string) => boolean): Promise<void> {
  const names = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''));
  await page.evaluate(async (doomed) => {
    for (const name of doomed) {
      await new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = resolve;
        request.onerror = reject;
      });
    }
  }, names.filter(which));
}
