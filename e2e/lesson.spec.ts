import { expect, test } from './fixtures/test.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';

test('a whole lesson: sign in, open a class, pick an outcome, mark, send', async ({ page, canvas }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await expect(page.getByRole('link', { name: /students/ })).not.toHaveCount(0);
  for (const which of Object.values(classes))
    await expect(page.getByRole('link', { name: which })).toBeVisible();

  const course = await lesson.open(classes.ordinary);
  const students = await lesson.students();
  expect(students).toHaveLength(28);
  await expect(lesson.tile(students[0]!)).toContainText('not seen');

  const before = Math.floor(Date.now() / 1000) * 1000;
  const marked = students.slice(0, 5);
  for (const [n, student] of marked.entries()) await lesson.save(student, n % 2 === 0 ? 'Pass' : 'Fail');
  const after = Date.now();
  await expect(lesson.tile(marked[0]!)).toContainText('pass');
  await expect(lesson.tile(marked[1]!)).toContainText('not yet');
  await expect(lesson.sync).toContainText('5 saved here');
  expect(await canvas.rows(course)).toEqual([]);

  await lesson.sendNow();
  await lesson.expectInCanvas(marked);
  await expect(lesson.sync).toContainText(/all in canvas/i);

  const [assessment, ...others] = await canvas.assessments(course);
  expect(others).toEqual([]);
  expect(assessment?.key).toMatch(/^\d{4}-\d\d-\d\d,outcome_\d+$/);
  const rows = await canvas.rows(course);
  expect(rows.map((row) => row.passed).sort()).toEqual([false, false, true, true, true]);
  expect(new Set(rows.map((row) => row.links.user)).size).toBe(5);
  for (const row of rows) {
    expect(Date.parse(row.assessed_at)).toBeGreaterThanOrEqual(before);
    // A second that is taken gives way to the next, one for each mark of a student at most.
    expect(Date.parse(row.assessed_at)).toBeLessThanOrEqual(after + 1000);
  }
});

test('a free title makes an assessment of its own', async ({ page, canvas }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary, { title: 'Ready with book & pen, <b>today</b>' });
  const [student] = await lesson.students();
  await lesson.save(student!, 'Pass');
  await lesson.sendNow();
  await lesson.expectInCanvas([student!]);
  const [assessment] = await canvas.assessments(course);
  expect(assessment?.key).toMatch(/^\d{4}-\d\d-\d\d,title_/);
  expect(assessment?.title).toContain('<b>today</b>');
});

test('undo takes back what was not sent, and nothing of it reaches Canvas', async ({ page, canvas }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary);
  const [first, second] = await lesson.students();
  await lesson.save(first!, 'Pass');
  await lesson.save(second!, 'Fail');
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(lesson.tile(second!)).toContainText('not seen');
  await lesson.sendNow();
  await lesson.expectInCanvas([first!]);
  expect(await canvas.rows(course)).toHaveLength(1);
});

test('a student who signs in is told that this app is for teaching staff', async ({ page }) => {
  await lessonOn(page).signIn('student');
  await expect(page.getByRole('heading', { name: 'This app is for teaching staff' })).toBeVisible();
  await expect(page.getByRole('link', { name: /students/ })).toHaveCount(0);
});

test('the browser gets a cookie that no script can read, and never a token', async ({
  page,
  context,
  server,
}) => {
  const bodies: string[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(server.url))
      void response.text().then(
        (text) => bodies.push(text),
        () => undefined,
      );
  });
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await expect(page.getByRole('link', { name: classes.ordinary })).toBeVisible();
  const cookies = await context.cookies();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true });
  for (const cookie of cookies) expect(cookie.sameSite).not.toBe('None');
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(bodies.join('\n')).not.toContain('access_token');
});
