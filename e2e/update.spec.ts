import type { Page } from '@playwright/test';
import { untilInstalled } from './fixtures/installed.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

test('a new version is offered after the lesson, never forced, and marks outlive it', async ({
  tablet,
  server,
}) => {
  const page = await tablet.start();
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const [first, second] = await lesson.students();
  await lesson.save(first!, 'Pass');
  await untilInstalled(page);

  const worker = await (await fetch(`${server.url}/service-worker.js`)).text();
  server.network.plan(({ path }) =>
    path === '/service-worker.js'
      ? {
          kind: 'answer',
          status: 200,
          headers: { 'content-type': 'text/javascript', 'cache-control': 'no-cache' },
          body: `${worker}\n// the next version`,
        }
      : { kind: 'pass' },
  );
  await page.reload();
  const waiting = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state ?? 'none');
  await expect.poll(waiting).toBe('installed');

  // In mid-lesson nothing is offered and nothing changes.
  await lesson.save(second!, 'Fail');
  await expect(page.getByText('A new version is ready')).toBeHidden();
  await page.getByRole('link', { name: 'Back to the course' }).click();
  await expect(page.getByText('A new version is ready. Use it after the lesson.')).toBeVisible();
  expect(await waiting()).toBe('installed');

  await useItNow(page);
  await expect.poll(waiting).toBe('none');
  await expect(page.getByText('A new version is ready')).toBeHidden();
  await lesson.choose();
  await expect(lesson.tile(first!)).toContainText('pass');
  await expect(lesson.tile(second!)).toContainText('not yet');
});

test('#61 a new version waits for the attempt that is under way', async ({ tablet, server, canvas }) => {
  const page = await tablet.start();
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary);
  const [first] = await lesson.students();
  await lesson.save(first!, 'Pass');
  await untilInstalled(page);

  const worker = await (await fetch(`${server.url}/service-worker.js`)).text();
  let goOn: () => void = () => undefined;
  const after = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  server.network.plan(({ method, path }) => {
    if (method === 'POST' && path.includes('/results')) return { kind: 'wait', after };
    if (path !== '/service-worker.js') return { kind: 'pass' };
    const headers = { 'content-type': 'text/javascript', 'cache-control': 'no-cache' };
    return { kind: 'answer', status: 200, headers, body: `${worker}\n// the next version` };
  });
  await page.reload();
  const waiting = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state ?? 'none');
  await expect.poll(waiting).toBe('installed');
  await lesson.sendNow();
  await expect(lesson.sync).toContainText('sending');
  await page.getByRole('link', { name: 'Back to the course' }).click();
  await expect(page.getByRole('button', { name: 'As soon as marks are sent' })).toBeDisabled();
  expect(await waiting()).toBe('installed');

  goOn();
  await useItNow(page);
  await expect.poll(waiting).toBe('none');
  await lesson.choose();
  await lesson.expectInCanvas([first!]);
  expect(await canvas.rows(course)).toHaveLength(1);
});

test('#64 a part of the app is gone after a deploy: marks stay, a reload is offered and not forced', async ({
  page,
}) => {
  await page.route(/\/assets\/settings-screen-[^/]+\.js$/, (route) =>
    route.fulfill({ status: 404, body: 'gone' }),
  );
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const [first, second] = await lesson.students();
  await lesson.save(first!, 'Pass');
  const address = page.url();
  await page.goto('/settings');
  await expect(page.getByRole('alert')).toContainText('This part of the app could not be loaded');
  await expect(page.getByRole('button', { name: 'Reload the app' })).toBeVisible();
  await page.goto(address);
  await expect(lesson.tile(first!)).toContainText('pass');
  await lesson.save(second!, 'Fail');
});

test('the first version is no new version, also where it is still being put away when a page comes back', async ({
  tablet,
  server,
}) => {
  let goOn: () => void = () => undefined;
  const before = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  server.network.plan(({ path }) =>
    path.includes('maskable') ? { kind: 'wait', before } : { kind: 'pass' },
  );
  const page = await tablet.start();
  await page.goto('/');
  const installing = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.installing?.state ?? 'none');
  await expect.poll(installing).toBe('installing');
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await expect
    .poll(() =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').some(({ name }) => name.includes('workbox')),
      ),
    )
    .toBe(true);
  // That this page has registered too shows nowhere: too short a wait would only let a mistake through.
  await page.waitForTimeout(1_000);
  expect(await installing()).toBe('installing');

  goOn();
  await untilInstalled(page);
  await page.getByRole('link', { name: classes.ordinary }).click();
  await expect(page.getByRole('heading', { name: 'Outcomes' })).toBeVisible();
  await expect(page.getByText('A new version')).toBeHidden();
});

/** Takes the new version, and waits for the page that it loads. */
async function useItNow(page: Page): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Use it now' }).click();
  await loaded;
}
