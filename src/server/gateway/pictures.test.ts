import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptedOrigin, signIn, startGatewayServer, type GatewayServer } from '#testing/gateway-server.ts';
import { json } from '#testing/scripted-canvas.ts';
import type { TestBrowser } from '#testing/test-browser.ts';
import type { PictureEnd } from './picture-fetch.ts';

const png = Buffer.from('89504e470d0a1a0a', 'hex');

let server: GatewayServer;
let browser: TestBrowser;
let fetched: string[];
let end: PictureEnd;
beforeEach(async () => {
  fetched = [];
  end = { kind: 'picture', type: 'image/png', body: png };
  const fetch = (url: URL) => {
    fetched.push(url.href);
    return Promise.resolve(end);
  };
  server = await startGatewayServer({ side: { pictures: { fetch } } });
  browser = server.browser();
  await signIn(browser);
});
afterEach(async () => {
  await server.close();
  expect(server.reported).toEqual([]);
});

/** What the app is told when Canvas says so. */
async function told(avatar: unknown, path = '/api/v1/courses/1/users'): Promise<unknown> {
  server.canvas.answer = () => json([{ id: '1', name: 'avatar_url":"https://x', avatar_url: avatar }]);
  const [user] = (await (await browser.go(path)).json()) as { avatar_url: unknown; name: string }[];
  expect(user?.name).toBe('avatar_url":"https://x');
  return user?.avatar_url;
}

const elsewhere = 'https://files.example/thumbnails/1?size=50&token=t';

test('a picture comes from our own origin, fetched from where Canvas said it is', async () => {
  const address = await told(elsewhere);
  expect(address).toMatch(/^\/tapmark\/pictures\/[\w.-]+$/);
  const answer = await browser.go(String(address));
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(png);
  expect(fetched).toEqual([elsewhere]);
  const headers = Object.fromEntries(answer.headers);
  expect(headers).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'private, max-age=604800, immutable',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  });
  expect(headers).not.toHaveProperty(['x-tapmark-stamp']);
  // Nobody, nobody's picture and its address are named in the log.
  expect(server.logged.join('\n')).not.toMatch(/files\.example|aHR0cHM6/);
  expect(await server.gateway.metrics()).toContain('tapmark_pictures_total{end="picture"} 1\n');
});

test('has the same name the short way, the long way, and on every list of people', async () => {
  const names = new Set([await told(elsewhere), await told(elsewhere), await told(elsewhere)]);
  expect(server.quickReads()).toBeGreaterThan(0);
  names.add(await told(elsewhere, '/api/v1/groups/1/users'));
  names.add(await told(elsewhere, '/api/v1/courses/1/users?page=2'));
  expect(names.size).toBe(1);
});

test('what Canvas says without a host is on Canvas', async () => {
  await browser.go(String(await told('/images/thumbnails/7/x')));
  expect(fetched).toEqual([`${scriptedOrigin}/images/thumbnails/7/x`]);
});

test.each([
  [null],
  [''],
  ['http://pictures.example/a.png'],
  ['javascript:alert(1)'],
  ['https://somebody:secret@pictures.example/'],
  ['https://pictures.example:8443/'],
  [`${scriptedOrigin}/images/messages/avatar-50.png`],
  ['/images/dotted_pic.png'],
  [`https://pictures.example/${'x'.repeat(2000)}`],
])('leaves %s as it is, and the app shows initials', async (avatar) => {
  expect(await told(avatar)).toBe(avatar);
});

test('only lists of people are looked at', async () => {
  expect(await told(elsewhere, '/api/v1/courses')).toBe(elsewhere);
});

test('fetches nothing that Canvas did not name, nor for whoever is not signed in', async () => {
  const good = String(await told(elsewhere));
  const [encoded = '', seal = ''] = good.replace('/tapmark/pictures/', '').split('.');
  const inside = Buffer.from('https://10.0.0.1/').toString('base64url');
  for (const name of [
    `${inside}.${seal}`,
    encoded,
    `${encoded}.`,
    `${encoded}.${seal}x`,
    `.${seal}`,
    '.',
    'x',
  ])
    expect((await browser.go(`/tapmark/pictures/${name}`)).status).toBe(404);
  expect((await server.browser().go(good)).status).toBe(401);
  expect((await browser.go(good, { method: 'POST', body: '' })).status).toBe(404);
  // Another server's name for it is none here.
  const other = await startGatewayServer({ secret: 'another secret of thirty-two characters and more' });
  const stranger = other.browser();
  await signIn(stranger);
  expect((await stranger.go(good)).status).toBe(404);
  await other.close();
  expect(fetched).toEqual([]);
});

test('where there is none the app is told so, and asks again another time', async () => {
  const address = String(await told(elsewhere));
  end = { kind: 'none', why: 'inside' };
  const answer = await browser.go(address);
  expect(answer.status).toBe(404);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.json()).toEqual({ status: 'no-picture', why: 'inside' });
});
