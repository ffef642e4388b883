import { expect, test } from './fixtures/test.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';

test('#38 #67 another teacher on the same tablet sees nothing of the first, and sends nothing of the first', async ({
  page,
  canvas,
}) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary);
  const students = await lesson.students();
  await lesson.save(students[0]!, 'Pass');
  await lesson.save(students[1]!, 'Fail');
  await lesson.signOut();
  await expect(page.getByText('2 marks of another teacher wait on this device')).toBeVisible();

  await lesson.signIn('coteacher');
  await expect(page.getByText('2 marks of another teacher wait on this device')).toBeVisible();
  await lesson.open(classes.ordinary);
  await expect(lesson.tile(students[0]!)).toContainText('not seen');
  await expect(lesson.tile(students[1]!)).toContainText('not seen');
  await lesson.save(students[2]!, 'Pass');
  await lesson.sendNow();
  await lesson.expectInCanvas([students[2]!]);
  expect(await canvas.rows(course)).toHaveLength(1);

  await lesson.signOut();
  await lesson.comeBack('teacher', classes.ordinary);
  await expect(lesson.tile(students[0]!)).toContainText('pass');
  await lesson.sendNow();
  await lesson.expectInCanvas(students.slice(0, 2));
  const rows = await canvas.rows(course);
  expect(rows).toHaveLength(3);
  expect(new Set(rows.map((row) => row.links.assessor)).size).toBe(2);
});

test('#67 sign-out with unsent marks: they can be sent first', async ({ page, canvas }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary);
  const [first] = await lesson.students();
  await lesson.save(first!, 'Pass');
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Sign out' }).click();
  const sheet = page.getByRole('dialog', { name: 'Sign out' });
  await expect(sheet).toContainText('1 mark');
  await sheet.getByRole('button', { name: 'Send now' }).click();
  await expect(sheet).toContainText('All your marks are in Canvas.');
  expect(await canvas.rows(course)).toHaveLength(1);
  await sheet.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: /^Sign in/ })).toBeVisible();
  await expect(page.getByText(/of another teacher/)).toBeHidden();
});
