import { afterEach, beforeEach, expect, test } from 'vitest';
import { signIn, startGatewayServer, type GatewayServer } from '#testing/gateway-server.ts';
import { createManualClock, type ManualClock } from '#testing/manual-clock.ts';
import { json } from '#testing/scripted-canvas.ts';
import type { TestBrowser } from '#testing/test-browser.ts';

/* The short way for reads must be the long way, seen from both ends. */

let clock: ManualClock;
let server: GatewayServer;
let browser: TestBrowser;
beforeEach(async () => {
  clock = createManualClock();
  server = await startGatewayServer({ clock });
  browser = server.browser();
  await signIn(browser);
});
afterEach(async () => {
  await server.close();
  expect(server.reported).toEqual([]);
});

const sender = {
  'x-tapmark-account': '23',
  'x-tapmark-installation': '11111111-1111-4111-8111-111111111111',
  'x-tapmark-epoch': '3',
};

async function ask(path: string, headers: Record<string, string> = {}) {
  const answer = await browser.go(path, { headers: { ...sender, ...headers } });
  const kept = [...answer.headers].filter(
    ([name]) => !/^(date|connection|keep-alive|transfer-encoding|content-length|x-request-id)$/.test(name),
  );
  return { status: answer.status, headers: Object.fromEntries(kept), body: await answer.text() };
}

/** The first after a pause goes the long way, since the session must be looked up. */
async function bothWays(path: string, headers: Record<string, string> = {}) {
  await clock.advance(2_000);
  const before = server.quickReads();
  const long = await ask(path, headers);
  expect(server.quickReads()).toBe(before);
  const short = await ask(path, headers);
  expect(server.quickReads()).toBe(before + 1);
  return { long, short };
}

const roster = Array.from({ length: 40 }, (_, n) => ({ id: String(n), name: `Zoë ${n}` }));
const link = '<https://canvas.test/api/v1/courses/1/users?page=2>; rel="next"';
const pagination = { meta: { pagination: { next: 'https://canvas.test/api/v1/courses/1/users?page=2' } } };

test.each<[string, () => Response]>([
  ['a short list', () => json([])],
  [
    'a long list with a next page',
    () => json(roster, { headers: { link, 'x-rate-limit-remaining': '599.5' } }),
  ],
  ['a body with addresses of Canvas', () => json(pagination)],
  ['no right', () => json({ status: 'unauthorized' }, { status: 403 })],
  ['a missing scope', () => json({ errors: [] }, { status: 401 })],
  ['nothing there', () => json({ errors: [] }, { status: 404 })],
  ['an error of Canvas', () => json({ errors: [] }, { status: 500, headers: { 'set-cookie': 'canvas=1' } })],
  [
    'throttling',
    () =>
      new Response('403 Forbidden (Rate Limit Exceeded)\n', {
        status: 403,
        headers: { 'content-type': 'text/plain' },
      }),
  ],
  ['too many requests', () => new Response('', { status: 429, headers: { 'retry-after': '7' } })],
  [
    'a maintenance page',
    () => new Response('<html>', { status: 503, headers: { 'content-type': 'text/html' } }),
  ],
  ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://sso.example' } })],
  ['nonsense', () => new Response('x', { headers: { 'content-type': 'application/octet-stream' } })],
  [
    'more than is held',
    () =>
      new Response(new Uint8Array(8 * 1024 * 1024 + 1), { headers: { 'content-type': 'application/json' } }),
  ],
])('%s looks the same both ways', async (_name, answer) => {
  server.canvas.answer = answer;
  for (const encoding of ['identity', 'gzip, br', 'gzip;q=0']) {
    const { long, short } = await bothWays('/api/v1/courses/1/users?per_page=100', {
      'accept-encoding': encoding,
    });
    const stampless = (one: typeof long) => ({ ...one, headers: { ...one.headers, 'x-tapmark-stamp': '' } });
    expect(stampless(short)).toEqual(stampless(long));
    expect(short.headers['x-tapmark-stamp']).toMatch(/./);
  }
  const [one, other] = server.canvas.asked.slice(-2);
  expect({ ...other, headers: [...(other?.headers ?? [])] }).toEqual({
    ...one,
    headers: [...(one?.headers ?? [])],
  });
});

test('no connection looks the same both ways', async () => {
  server.canvas.unreachable = true;
  const { long, short } = await bothWays('/api/v1/courses');
  expect(short.status).toBe(503);
  expect(short.body).toBe(long.body);
  expect(short.headers['x-tapmark-outcome']).toBe('not-sent');
});

test('every line tells of it the same way', async () => {
  await bothWays('/api/v1/courses/1/users');
  const lines = server.logged.slice(-2).map((line) => ({ ...(JSON.parse(line) as object), id: '', ms: 0 }));
  expect(lines[1]).toEqual(lines[0]);
});

test('a sign-out ends it at once, and so does a token that Canvas distrusts', async () => {
  await bothWays('/api/v1/courses');
  server.canvas.tokens.clear();
  expect((await ask('/api/v1/courses')).status).toBe(200);
  expect(server.canvas.grants.at(-1)).toBe('refresh_token');
  await bothWays('/api/v1/courses');
  const cookie = browser.cookies.get('tapmark') ?? '';
  await browser.go('/tapmark/sign-out', { method: 'POST', body: '{}' });
  browser.cookies.set('tapmark', cookie);
  const asked = server.canvas.asked.length;
  expect((await ask('/api/v1/courses')).status).toBe(401);
  expect(server.canvas.asked).toHaveLength(asked);
});

test.each([
  ['a session that was not seen lately', '/api/v1/courses', {}, 200],
  ['another account', '/api/v1/courses', { 'x-tapmark-account': '24' }, 401],
  ['a query that is not on the list', '/api/v1/courses?as_user_id=1', {}, 404],
  ['an encoded slash', '/api/v1/courses%2Fusers', {}, 404],
  ['a path that is not on the list', '/api/v1/accounts', {}, 404],
])('%s goes the long way', async (name, path, headers, status) => {
  await ask('/api/v1/courses');
  if (name.includes('lately')) await clock.advance(1_000);
  const before = server.quickReads();
  expect((await ask(path, headers)).status).toBe(status);
  expect(server.quickReads()).toBe(before);
});

test('a token that is about to expire is renewed first, the long way', async () => {
  await ask('/api/v1/courses');
  await clock.advance(3_600_000 - 120_000 - 500);
  await ask('/api/v1/courses');
  await clock.advance(501);
  const before = server.quickReads();
  expect((await ask('/api/v1/courses')).status).toBe(200);
  expect(server.quickReads()).toBe(before);
  expect(server.canvas.grants.at(-1)).toBe('refresh_token');
});
