import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/real-canvas.ts';

/* What other sites, old cookies and planted ones can do, in a real browser: nothing. */

const reached = (seen: readonly string[]) => seen.filter((one) => one.includes('/api/'));

test('a cross-site POST reaches neither Canvas nor the session', async ({
  page,
  context,
  gateway,
  network,
}) => {
  await lessonOn(page).signIn('teacher');
  await expect(page.getByRole('link', { name: classes.ordinary })).toBeVisible();
  const evil = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>evil</title>
      <form method="post" enctype="text/plain" action="${gateway.url}/api/v1/courses/1/live_assessments">
        <input name='{"assessments":[{"key":"evil","title":"x","' value='":1}]}'></form>
      <form method="post" action="${gateway.url}/tapmark/sign-out"></form>
      <iframe src="${gateway.url}/settings"></iframe>`);
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  // Another name for the same machine is another site to a browser.
  const site = `http://localhost:${(evil.address() as AddressInfo).port}/`;
  const before = reached(network.seen).length;
  const attacker = await context.newPage();
  for (const form of [0, 1]) {
    await attacker.goto(site);
    expect(
      attacker
        .frames()
        .slice(1)
        .map((frame) => frame.url()),
    ).not.toContain(`${gateway.url}/settings`);
    const [answer] = await Promise.all([
      attacker.waitForResponse((response) => response.request().method() === 'POST'),
      attacker.evaluate((n) => document.forms[n]?.submit(), form),
    ]);
    expect(answer.status()).toBe(403);
    // The answer is here before its page is; going on meanwhile would meet that navigation.
    await attacker.waitForURL(answer.url());
  }
  await attacker.goto(site);
  const outcomes = await attacker.evaluate(async (url) => {
    const attempts: Promise<Response>[] = [
      fetch(`${url}/tapmark/sign-out`, {
        method: 'POST',
        mode: 'no-cors',
        credentials: 'include',
        body: '{}',
      }),
      fetch(`${url}/api/v1/courses`, { credentials: 'include' }),
      fetch(`${url}/api/v1/courses/1/live_assessments`, {
        method: 'POST',
        credentials: 'include',
        headers: { 'content-type': 'application/json' },
        body: '{"assessments":[]}',
      }),
    ];
    const ends = await Promise.allSettled(attempts);
    return ends.map((end) => (end.status === 'fulfilled' ? end.value.type : 'failed'));
  }, gateway.url);
  expect(outcomes.every((outcome) => outcome === 'opaque' || outcome === 'failed')).toBe(true);
  expect(reached(network.seen)).toHaveLength(before);
  await page.reload();
  await page.goto('/settings');
  await expect(page.getByText('signed in', { exact: false }).first()).toBeVisible();
  await new Promise((resolve) => evil.close(resolve));
});

test('session fixation: a planted cookie is worth nothing after the sign-in', async ({
  page,
  context,
  browser,
  gateway,
}) => {
  const attacker = await browser.newContext({ baseURL: gateway.url, serviceWorkers: 'block' });
  await lessonOn(await attacker.newPage()).signIn('coteacher');
  await expect(
    attacker
      .pages()[0]!
      .getByRole('link', { name: /students/ })
      .first(),
  ).toBeVisible();
  const planted = (await attacker.cookies()).find(({ name }) => name === 'tapmark');
  await context.addCookies([{ name: 'tapmark', value: planted?.value ?? '', url: gateway.url }]);
  // Whoever signs in with it in place gets a session of their own, and the planted one ends.
  await page.goto('/tapmark/sign-in');
  await page.getByRole('button', { name: 'Sign in as teacher', exact: true }).click();
  await expect(page.getByRole('link', { name: classes.ordinary })).toBeVisible();
  const now = (await context.cookies()).find(({ name }) => name === 'tapmark');
  expect(now?.value).not.toBe(planted?.value);
  expect((await attacker.request.get('/api/v1/courses')).status()).toBe(401);
  await attacker.close();
});

test('replay after sign-out: the old cookie opens nothing, and Canvas refuses the old token', async ({
  page,
  context,
  playwright,
  gateway,
  network,
}) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await expect(page.getByRole('link', { name: classes.ordinary })).toBeVisible();
  const stolen = (await context.cookies()).find(({ name }) => name === 'tapmark')?.value ?? '';
  await lesson.signOut();
  await expect.poll(() => network.seen).toContain('DELETE /login/oauth2/token');
  const thief = await playwright.request.newContext({
    baseURL: gateway.url,
    extraHTTPHeaders: { cookie: `tapmark=${stolen}` },
  });
  const before = reached(network.seen).length;
  expect((await thief.get('/api/v1/courses')).status()).toBe(401);
  expect(await (await thief.get('/tapmark/session')).json()).toMatchObject({ signedIn: false });
  expect((await thief.get('/tapmark/devices')).status()).toBe(401);
  expect(reached(network.seen)).toHaveLength(before);
  await thief.dispose();
});

test('the refresh race from three tabs: one renewal, three answers', async ({ page, context, network }) => {
  await lessonOn(page).signIn('teacher');
  await expect(page.getByRole('link', { name: classes.ordinary })).toBeVisible();
  const tabs = [page, await context.newPage(), await context.newPage()];
  for (const tab of tabs.slice(1)) {
    await tab.goto('/');
    await expect(tab.getByRole('link', { name: classes.ordinary })).toBeVisible();
  }
  let old: string | undefined;
  network.plan(({ path, header }) => {
    if (!path.startsWith('/api/')) return { kind: 'wait', before: 300 };
    old ??= header('authorization');
    if (header('authorization') !== old) return { kind: 'pass' };
    const headers = { 'content-type': 'application/json', 'www-authenticate': 'Bearer realm="canvas-lms"' };
    return { kind: 'answer', status: 401, headers, body: '{"errors":[{"message":"Expired access token."}]}' };
  });
  const ask = () => fetch('/api/v1/users/self').then((answer) => answer.status);
  expect(await Promise.all(tabs.map((tab) => tab.evaluate(ask)))).toEqual([200, 200, 200]);
  expect(network.seen.filter((one) => one.endsWith('refresh_token'))).toHaveLength(1);
});
