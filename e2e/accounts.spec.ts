import { expect, test } from './fixtures/test.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';

test('another teacher on the same tablet sees nothing of the first, and sends nothing of the first', async ({
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
