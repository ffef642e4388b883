import { untilInstalled } from './fixtures/installed.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

test('pictures that the school has are there without a network, initials where it has none', async ({
  tablet,
  server,
}) => {
  let page = await tablet.start();
  // The sample school has no pictures: this one is given to the first student it tells of.
  await page.context().route(/\/api\/v1\/courses\/\d+\/users\?/, async (route) => {
    const answer = await route.fetch();
    const users = (await answer.json()) as { avatar_url?: string }[];
    if (users[0] !== undefined) users[0].avatar_url = '/icons/icon-512.png?student';
    await route.fulfill({ response: answer, json: users });
  });
  await page.goto(server.url);
  await page.getByRole('button', { name: /^Sign in (to|with)/ }).click();
  await page.getByRole('button', { name: 'Sign in as teacher', exact: true }).click();
  await untilInstalled(page);
  await lessonOn(page).open(classes.ordinary);
  const picture = page.locator('img.portrait');
  await expect(picture).toHaveCount(1);
  await expect(page.locator('span.portrait')).toHaveCount(27);
  const put = 'caches.match("/icons/icon-512.png?student").then((kept) => kept !== undefined)';
  await expect.poll(() => page.evaluate(put)).toBe(true);

  await tablet.close();
  page = await tablet.start({ offline: true });
  await page.goto(server.url);
  const shown = page.locator('img.portrait');
  await expect(shown).toHaveCount(1);
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(512);
});
