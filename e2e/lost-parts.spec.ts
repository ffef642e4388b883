import type { Page } from '@playwright/test';
import { pass, portal } from '#testing/faults.ts';
import { untilInstalled } from './fixtures/installed.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

/* What a browser may lose of the installed app: a battery that dies while the cache is written. */

/** What is kept for a start without a network. The manifest is not: only the installer asks for it. */
const partsOf = (page: Page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    const paths = kept.flat().map(({ url }) => new URL(url).pathname);
    return paths.filter((path) => !path.endsWith('.webmanifest')).sort();
  });

/** Takes parts out of the cache, and everything out of the browser's own. */
async function lose(page: Page, path: RegExp): Promise<void> {
  await page.evaluate(async (source) => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const part of await cache.keys()) {
        if (new RegExp(source).test(new URL(part.url).pathname)) await cache.delete(part);
      }
    }
  }, path.source);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.clearBrowserCache');
}

test('parts that the browser lost are put back while there is a network', async ({ tablet, server }) => {
  const lesson = lessonOn(await tablet.start());
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  await untilInstalled(lesson.page);
  const { page } = lesson;
  const installed = await partsOf(page);

  await lose(page, /./);
  expect(await partsOf(page)).toEqual([]);
  await page.reload();
  await expect.poll(() => partsOf(page)).toEqual(installed);

  server.network.setOnline(false);
  await page.reload();
  await expect(page.getByRole('button', { name: /^Pass, / }).first()).toBeVisible();
});

test('a lost part is not replaced by anything but itself', async ({ tablet, server }) => {
  const lesson = lessonOn(await tablet.start());
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  await untilInstalled(lesson.page);
  const { page } = lesson;
  const installed = await partsOf(page);

  await lose(page, /theme|maskable/);
  server.network.plan(({ path }) => (path.includes('theme') ? portal : pass));
  await page.reload();
  await expect.poll(() => partsOf(page)).toContain('/icons/maskable-192.png');
  expect(await partsOf(page)).not.toContain('/theme.js');

  server.network.plan(() => pass);
  await page.reload();
  await expect.poll(() => partsOf(page)).toEqual(installed);
});

test('a start without a network and without a part of the app says what to do', async ({
  tablet,
  server,
}) => {
  const lesson = lessonOn(await tablet.start());
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  await untilInstalled(lesson.page);
  const { page } = lesson;

  await lose(page, /^\/assets\/index-.*\.js$/);
  server.network.setOnline(false);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Tapmark has not started' })).toBeVisible();
  await expect(page.getByText('marks')).toContainText('kept on this device');

  server.network.setOnline(true);
  await page.getByRole('link', { name: 'Load again' }).click();
  await expect(page.getByRole('button', { name: /^Pass, / }).first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Tapmark has not started' })).toHaveCount(0);
});
