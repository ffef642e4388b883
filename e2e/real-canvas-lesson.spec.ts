import { settleMs } from '#sync/parameters.ts';
import { loginRedirect, maintenance, pass, portal, throttled, type Fault } from '#testing/faults.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { classes, lessonOn, type Lesson } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/real-canvas.ts';
import { describeWholeLesson } from './fixtures/whole-lesson.ts';

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

test.describe('on a bad day', () => {
  /** Whatever is asked takes its time, and the first answer to a POST of results is lost. */
  const onABadDay = test.extend<{ weather: undefined }>({
    weather: [
      async ({ network }, use) => {
        let lost = false;
        network.plan(({ method, path }) => {
          if (!isApi(path)) return pass;
          if (!isResults(method, path) || lost) return { kind: 'wait', before: 50 };
          lost = true;
          return { kind: 'cut', at: 'answered' };
        });
        await use(undefined);
      },
      { auto: true },
    ],
  });
  describeWholeLesson(onABadDay);
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

/** `isKnown`: it is plain that Canvas has not got the mark, so that it may go again without looking for it long. */
const weathers: readonly { name: string; fault: Fault | 'down'; isKnown: boolean }[] = [
  { name: 'is slow', fault: { kind: 'wait', before: 1_500 }, isKnown: true },
  { name: 'is throttling', fault: throttled(1), isKnown: true },
  { name: 'is down', fault: 'down', isKnown: true },
  { name: 'is redirecting', fault: loginRedirect, isKnown: false },
  { name: 'shows HTML, a maintenance page', fault: maintenance, isKnown: false },
  { name: 'shows HTML, somebody else’s page', fault: portal, isKnown: false },
];

for (const { name, fault, isKnown } of weathers) {
  test(`Canvas ${name}: the mark is kept, and arrives once when that is over`, async ({
    page,
    network,
    rowsTitled,
  }) => {
    await page.clock.install();
    const lesson = lessonOn(page);
    const title = 'All kinds of weather';
    const { course, students } = await begin(lesson, title, 1);
    await lesson.sendNow();
    await lesson.expectInCanvas(students);
    const [student] = (await lesson.students()).slice(1);
    let posts = 0;
    if (fault === 'down') await network.setUp(false);
    else {
      network.plan(({ method, path }) => {
        if (isResults(method, path)) posts += 1;
        // From the POST on: what is read before it is what lets it go.
        return posts > 0 && isApi(path) ? fault : pass;
      });
    }
    await lesson.save(student!, 'Fail');
    await lesson.sendNow();
    if (fault !== 'down') await expect.poll(() => posts).toBeGreaterThan(0);
    // What went out while nobody could tell what became of it is looked for, and not sent again blindly.
    await expect(lesson.tile(student!)).toContainText(isKnown ? /waiting|in Canvas/ : /checking/);
    if (!isKnown) expect(posts).toBe(1);
    await network.setUp(true);
    network.plan(({ method, path }) => {
      if (isResults(method, path)) posts += 1;
      return pass;
    });
    // SETTLE (sync protocol §3) passes in the browser; nobody else waits for anything.
    if (!isKnown) await page.clock.fastForward(settleMs + 5_000);
    await lesson.expectInCanvas([student!]);
    const rows = await rowsTitled(course, title);
    expect(rows.map(({ passed }) => passed).sort()).toEqual([false, true]);
    if (!isKnown) expect(posts).toBe(2);
  });
}

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

test('a student’s picture comes from where Canvas said it is, by way of our own origin', async ({
  page,
  canvas,
  played,
  network,
}) => {
  const lesson = lessonOn(page);
  const course = await canvas.courseNamed('Mathematics 7B');
  const query = 'enrollment_type[]=student&include[]=enrollments&include[]=avatar_url&per_page=100';
  const users = await canvas.get<{ id: string; avatar_url?: string }[]>(`courses/${course}/users?${query}`);
  users[0]!.avatar_url = `${played.url}/icons/icon-192.png`;
  users[1]!.avatar_url = 'https://127.0.0.1/router.png';
  network.plan(({ path }) => {
    if (!path.startsWith(`/api/v1/courses/${course}/users?`)) return pass;
    const headers = { 'content-type': 'application/json' };
    return { kind: 'answer', status: 200, headers, body: JSON.stringify(users) };
  });
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const picture = page.locator('img.portrait');
  await expect(picture).toHaveCount(1);
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(192);
  expect(await picture.getAttribute('src')).toMatch(/^\/tapmark\/pictures\//);
  expect(network.seen).toContain('GET /icons/icon-192.png');
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
