import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

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
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined || name === 'tapmark-device') continue;
      await new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = resolve;
        request.onerror = reject;
      });
    }
  });

  await page.goto('/');
  await expect(page.getByRole('heading', { name: '2 marks that waited here are gone' })).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'I have read this' }).click();
  await expect(page.getByRole('link', { name: classes.ordinary }).or(lesson.sync).first()).toBeVisible();
  await page.reload();
  await expect(page.getByText('that waited here')).toBeHidden();
});
