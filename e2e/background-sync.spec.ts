import type { Page } from '@playwright/test';
import type { CanvasReader } from './fixtures/canvas-reader.ts';
import { untilInstalled } from './fixtures/installed.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

/** Lets the browser's background sync come now, as it would once it believes in the network again. */
async function wakeWorker(page: Page, origin: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL, isDeleted }) => scopeURL.startsWith(origin) && !isDeleted);
      if (own !== undefined) resolve(own.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  const registrationId = await registered;
  await devtools.send('ServiceWorker.dispatchSyncEvent', {
    origin,
    registrationId,
    tag: 'tapmark-marks',
    lastChance: false,
  });
  await devtools.detach();
}

async function expectRows(canvas: CanvasReader, course: string, count: number): Promise<void> {
  await expect.poll(async () => (await canvas.rows(course)).length, { timeout: 40_000 }).toBe(count);
}

test('marks made offline reach Canvas from the service worker, with the app closed', async ({
  tablet,
  server,
  canvas,
}) => {
  const page = await tablet.start();
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary);
  const marked = (await lesson.students()).slice(0, 4);
  await untilInstalled(page);
  await page.context().setOffline(true);
  server.network.setOnline(false);
  for (const student of marked) await lesson.save(student, 'Pass');
  await lesson.sendNow();
  await expect(lesson.sync).toContainText('no network');
  const tags = () =>
    page.evaluate(async () => {
      const registration = (await navigator.serviceWorker.ready) as ServiceWorkerRegistration & {
        sync: { getTags: () => Promise<string[]> };
      };
      return registration.sync.getTags();
    });
  await expect.poll(tags).toContain('tapmark-marks');

  const other = await page.context().newPage();
  await page.close();
  server.network.setOnline(true);
  await other.context().setOffline(false);
  await wakeWorker(other, server.url);
  await expectRows(canvas, course, 4);

  // Another wake-up finds nothing, and the app shows what the worker did.
  await wakeWorker(other, server.url);
  const posts = () =>
    server.network.passages.filter(({ method, path }) => method === 'POST' && path.includes('/results'));
  const again = lessonOn(other);
  await other.goto('/');
  await again.expectInCanvas(marked);
  expect(posts().filter(({ answered }) => answered === 200)).toHaveLength(1);
  expect(await canvas.rows(course)).toHaveLength(4);
});

test('while the app can be seen, the worker leaves the sending to it', async ({ tablet, server, canvas }) => {
  const page = await tablet.start();
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary);
  const [first] = await lesson.students();
  await untilInstalled(page);
  server.network.setOnline(false);
  await lesson.save(first!, 'Pass');
  await lesson.sendNow();
  await expect(lesson.sync).toContainText('no network');
  server.network.setOnline(true);
  await wakeWorker(page, server.url);
  await lesson.expectInCanvas([first!]);
  expect(await canvas.rows(course)).toHaveLength(1);
});
