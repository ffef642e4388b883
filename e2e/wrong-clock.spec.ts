import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

test('#9 device clock ten minutes fast: told before the lesson, and marks get the right time', async ({
  page,
  canvas,
}) => {
  await page.addInitScript(() => {
    const real = Date.now;
    Date.now = () => real() + 10 * 60_000;
  });
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await expect(page.getByRole('complementary', { name: 'This device' })).toContainText(
    'clock is 10 minutes fast',
  );
  const course = await lesson.open(classes.ordinary);
  const [first] = await lesson.students();
  await lesson.save(first!, 'Pass');
  await lesson.sendNow();
  await lesson.expectInCanvas([first!]);
  const [row] = await canvas.rows(course);
  expect(Math.abs(Date.parse(row!.assessed_at) - Date.now())).toBeLessThan(2 * 60_000);
});
