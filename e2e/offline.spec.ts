import { expect, test } from './fixtures/test.ts';
import { untilInstalled } from './fixtures/installed.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';

test('starts cold with no network into the same class, and marks', async ({ tablet, server, canvas }) => {
  let lesson = lessonOn(await tablet.start());
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary);
  const students = await lesson.students();
  await lesson.save(students[0]!, 'Pass');
  await untilInstalled(lesson.page);
  const address = lesson.page.url();
  await tablet.close();
  await server.kill();
  server.network.setOnline(false);

  lesson = lessonOn(await tablet.start({ offline: true }));
  await lesson.page.goto('/');
  await expect(lesson.page.getByRole('button', { name: /^Pass, / }).first()).toBeVisible();
  expect(lesson.page.url()).toBe(address);
  expect(await lesson.students()).toEqual(students);
  await expect(lesson.tile(students[0]!)).toContainText('pass');
  await lesson.save(students[1]!, 'Fail');
  await expect(lesson.sync).toContainText('2 saved here');
  await expect(lesson.sync).toContainText('no network');

  await server.start();
  server.network.setOnline(true);
  await lesson.page.context().setOffline(false);
  await lesson.sendNow();
  await lesson.expectInCanvas(students.slice(0, 2));
  expect(await canvas.rows(course)).toHaveLength(2);
});

test('a reload in mid-lesson loses nothing, with or without a network', async ({ tablet, server }) => {
  const lesson = lessonOn(await tablet.start());
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const students = await lesson.students();
  for (const student of students.slice(0, 3)) await lesson.save(student, 'Pass');
  await untilInstalled(lesson.page);
  await lesson.page.reload();
  for (const student of students.slice(0, 3)) await expect(lesson.tile(student)).toContainText('pass');

  await lesson.page.context().setOffline(true);
  server.network.setOnline(false);
  for (const student of students.slice(3, 6)) await lesson.save(student, 'Fail');
  await lesson.page.reload();
  for (const student of students.slice(3, 6)) await expect(lesson.tile(student)).toContainText('not yet');
  await expect(lesson.sync).toContainText('6 saved here');
});

test('marks made offline survive a kill of the browser, and become one row each', async ({
  tablet,
  server,
  canvas,
}) => {
  let lesson = lessonOn(await tablet.start());
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary);
  const students = await lesson.students();
  await untilInstalled(lesson.page);
  await lesson.page.context().setOffline(true);
  server.network.setOnline(false);
  const marked = students.slice(0, 12);
  for (const [n, student] of marked.entries()) await lesson.save(student, n % 3 === 0 ? 'Fail' : 'Pass');
  await tablet.kill();

  server.network.setOnline(true);
  lesson = lessonOn(await tablet.start());
  await lesson.comeBack('teacher', classes.ordinary);
  for (const student of marked) await expect(lesson.tile(student)).toContainText(/pass|not yet/);
  await lesson.sendNow();
  await lesson.expectInCanvas(marked);
  const rows = await canvas.rows(course);
  expect(rows).toHaveLength(12);
  expect(rows.filter((row) => row.passed)).toHaveLength(8);
  expect(new Set(rows.map((row) => row.links.user)).size).toBe(12);
});

test('a kill of browser and server in mid-sending leaves one row a mark', async ({
  tablet,
  server,
  canvas,
}) => {
  let lesson = lessonOn(await tablet.start());
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary);
  const marked = (await lesson.students()).slice(0, 4);
  for (const student of marked) await lesson.save(student, 'Pass');
  await untilInstalled(lesson.page);
  // The request has gone on and its answer is under way for as long as anybody likes.
  const posts = () =>
    server.network.passages.filter(({ method, path }) => method === 'POST' && path.includes('/results'));
  server.network.plan(({ method, path }) =>
    method === 'POST' && path.includes('/results')
      ? { kind: 'wait', after: new Promise(() => undefined) }
      : { kind: 'pass' },
  );
  await lesson.sendNow();
  await expect.poll(() => posts().some(({ answered }) => answered === 200)).toBe(true);
  await tablet.kill();
  await server.kill();

  await server.start();
  server.network.plan(() => ({ kind: 'pass' }));
  lesson = lessonOn(await tablet.start());
  await lesson.comeBack('teacher', classes.ordinary);
  await lesson.expectInCanvas(marked);
  expect(await canvas.rows(course)).toHaveLength(4);
  expect(posts()).toHaveLength(1);
});
