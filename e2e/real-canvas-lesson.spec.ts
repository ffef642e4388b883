import { loginRedirect, maintenance, pass, portal, throttled, type Fault } from '#testing/faults.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { classes, lessonOn, type Lesson } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/real-canvas.ts';

/* The lesson through the network path: another server process plays the real Canvas, this one stands before it. */

const expired: Fault = {
  kind: 'answer',
  status: 401,
  headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer realm="canvas-lms"' },
  body: '{"errors":[{"message":"Invalid access token."}]}',
};
const isApi = (path: string) => path.startsWith('/api/');
const isResults = (method: string, path: string) => method === 'POST' && path.endsWith('/results');

async function begin(lesson: Lesson, title: string, count: number) {
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary, { title });
  const students = (await lesson.students()).slice(0, count);
  for (const student of students) await lesson.save(student, 'Pass');
  return { course, students };
}

test('a whole lesson: sign in at Canvas, open a class, pick an outcome, mark, undo, send', async ({
  page,
  canvas,
  network,
}) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary);
  const students = await lesson.students();
  expect(students).toHaveLength(28);
  const marked = students.slice(0, 5);
  for (const [n, student] of marked.entries()) await lesson.save(student, n % 2 === 0 ? 'Pass' : 'Fail');
  await lesson.save(students[5]!, 'Fail');
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(lesson.tile(students[5]!)).toContainText('not seen');
  await lesson.sendNow();
  await lesson.expectInCanvas(marked);
  await expect(lesson.sync).toContainText(/all in canvas/i);
  const assessments = await canvas.assessments(course);
  const [outcome] = assessments.filter(({ key }) => /^\d{4}-\d\d-\d\d,outcome_\d+$/.test(key));
  const rows = (await canvas.rows(course)).filter(({ links }) => links.assessment === outcome?.id);
  expect(rows.map((row) => row.passed).sort()).toEqual([false, false, true, true, true]);
  expect(network.seen.filter((one) => /\/results$/.test(one) && one.startsWith('POST'))).toHaveLength(1);
});

test('the token expires in mid-batch: it is renewed, nobody signs in, every mark arrives once', async ({
  page,
  network,
  rowsTitled,
}) => {
  const lesson = lessonOn(page);
  const title = 'Token expires';
  const { course, students } = await begin(lesson, title, 4);
  let old: string | undefined;
  network.plan(({ method, path, header }) => {
    if (old === undefined && isResults(method, path)) old = header('authorization');
    return old !== undefined && isApi(path) && header('authorization') === old ? expired : pass;
  });
  await lesson.sendNow();
  await lesson.expectInCanvas(students);
  expect(await rowsTitled(course, title)).toHaveLength(4);
  expect(network.seen.filter((one) => one.endsWith('refresh_token'))).toHaveLength(1);
});

test('the refresh is refused: marking goes on, marks are kept, and go after a sign-in', async ({
  page,
  network,
  rowsTitled,
}) => {
  const lesson = lessonOn(page);
  const title = 'Refresh refused';
  const { course, students } = await begin(lesson, title, 2);
  network.plan(({ path, body }) => {
    if (path.startsWith('/login/oauth2/token') && body.includes('refresh_token')) {
      const headers = { 'content-type': 'application/json' };
      return { kind: 'answer', status: 400, headers, body: '{"error":"invalid_request"}' };
    }
    return isApi(path) ? expired : pass;
  });
  await lesson.sendNow();
  await expect(lesson.sync).toContainText('sign in to send them');
  const [third] = (await lesson.students()).slice(2);
  await lesson.save(third!, 'Fail');
  network.plan(() => pass);
  await lesson.comeBack('teacher', classes.ordinary);
  await page
    .getByRole('link', { name: /sign in/i })
    .first()
    .click();
  await page.getByRole('button', { name: /^Sign in (to|with)/ }).click();
  await page.getByRole('button', { name: 'Sign in as teacher', exact: true }).click();
  await expect.poll(async () => (await rowsTitled(course, title)).length).toBeGreaterThanOrEqual(2);
  expect(await rowsTitled(course, title)).toHaveLength(students.length);
});

const faults: readonly (readonly [string, Fault | 'down'])[] = [
  ['slow', { kind: 'wait', before: 1_500 }],
  ['throttling', throttled(1)],
  ['a maintenance page', maintenance],
  ['somebody else’s page', portal],
  ['a redirect', loginRedirect],
  ['down', 'down'],
];

test('Canvas down, slow, HTML, redirecting, throttling: each mark is kept, and none arrives twice', async ({
  page,
  network,
  rowsTitled,
}) => {
  const lesson = lessonOn(page);
  const title = 'All kinds of weather';
  const { course } = await begin(lesson, title, 1);
  await lesson.sendNow();
  const students = (await lesson.students()).slice(0, faults.length + 1);
  await lesson.expectInCanvas(students.slice(0, 1));
  for (const [n, [name, fault]] of faults.entries()) {
    const student = students[n + 1]!;
    await test.step(name, async () => {
      if (fault === 'down') network.setOnline(false);
      else network.plan(({ path }) => (isApi(path) ? fault : pass));
      const before = network.seen.length;
      await lesson.save(student, 'Pass');
      await lesson.sendNow();
      // What went out while nobody could tell what became of it is looked for, and never sent again blindly.
      const isKept = expect(lesson.tile(student)).toContainText(/waiting|checking with Canvas|in Canvas/);
      if (fault !== 'down')
        await expect.poll(() => network.seen.slice(before).some((one) => one.includes('/api/'))).toBe(true);
      await isKept;
      network.setOnline(true);
      network.plan(() => pass);
      await expect(lesson.tile(student)).toContainText(/in Canvas|checking with Canvas/);
    });
  }
  await lesson.expectInCanvas(students.slice(0, 3));
  const rows = await rowsTitled(course, title);
  expect(rows.length).toBeGreaterThanOrEqual(3);
  expect(new Set(rows.map(({ links }) => links.user)).size).toBe(rows.length);
});

test('a sign-in whose way back was lost goes on with the next start', async ({ page, gateway }) => {
  await page.goto('/');
  await page.getByRole('button', { name: /^Sign in (to|with)/ }).click();
  await expect(page.getByRole('button', { name: 'Sign in as teacher', exact: true })).toBeVisible();
  // The app is closed on Canvas's page, and opened again from the home screen.
  await page.goto(gateway.url);
  await expect(page.getByText('The last sign-in was not finished.')).toBeVisible();
  await page.getByRole('button', { name: /^Sign in (to|with)/ }).click();
  await page.getByRole('button', { name: 'Sign in as teacher', exact: true }).click();
  await expect(page.getByRole('link', { name: classes.ordinary })).toBeVisible();
});

test('the set-up check and the list of devices, over the network', async ({ page, browser, gateway }) => {
  const other = await browser.newContext({ serviceWorkers: 'block', baseURL: gateway.url });
  const tablet = lessonOn(await other.newPage());
  await tablet.signIn('teacher');
  await expect(tablet.page.getByRole('link', { name: classes.ordinary })).toBeVisible();
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await expect(page.getByRole('link', { name: classes.ordinary })).toBeVisible();
  await page.goto('/settings');
  await page
    .getByRole('button', { name: /^Sign it out: \w+, Chrome/ })
    .first()
    .click();
  await expect(page.getByRole('button', { name: /^Sign it out: \w+, Chrome/ })).toHaveCount(0);
  await tablet.page.reload();
  await tablet.page.goto('/settings');
  await expect(tablet.page.getByText('signed out')).toBeVisible();
  await other.close();

  await expectAccessible(page);
  await page.getByRole('link', { name: 'Check the set-up' }).click();
  await expect(page.getByText('Nothing stands in the way of a lesson.')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'You may create assessments' })).toContainText(
    'In order',
  );
  await expectAccessible(page);
});
