import { afterEach, beforeEach, expect, test } from 'vitest';
import { attemptHeaders, signIn, startGatewayServer, type GatewayServer } from '#testing/gateway-server.ts';
import { createManualClock } from '#testing/manual-clock.ts';
import { clientAddress } from './client-address.ts';
import { createRateLimit } from './rate-limit.ts';
import { createSignInLimits } from './sign-in-limits.ts';

/* What whoever runs the server sees of it: readiness, names of requests, lines, counts, limits. */

let server: GatewayServer;
beforeEach(async () => {
  server = await startGatewayServer();
});
afterEach(() => server.close());

test('is ready until it stops, while Canvas is down too, and healthy as long as it runs', async () => {
  const browser = server.browser();
  server.canvas.unreachable = true;
  expect((await browser.go('/readyz')).status).toBe(200);
  server.gateway.drain();
  expect((await browser.go('/readyz')).status).toBe(503);
  expect((await browser.go('/healthz')).status).toBe(200);
});

test('is neither ready nor healthy without its database', async () => {
  const browser = server.browser();
  await server.database.close();
  expect((await browser.go('/readyz')).status).toBe(503);
  expect((await browser.go('/healthz')).status).toBe(504);
  server = await startGatewayServer();
});

test('every answer bears a name that stands in its line, with the route and not the address', async () => {
  const browser = server.browser();
  await signIn(browser);
  const answer = await browser.go('/api/v1/courses/4711/users?per_page=50');
  const id = answer.headers.get('x-request-id') ?? '';
  expect(id).toMatch(/^[\da-f-]{36}$/);
  const line = server.logged.find((one) => one.includes(id)) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({
    event: 'request',
    method: 'GET',
    route: '/api/v1/courses/:course/users',
    status: 200,
    speaker: 'canvas',
  });
  expect(line).not.toContain('4711');
  const away = await browser.go('/api/v1/accounts');
  expect(away.headers.get('x-request-id')).not.toBe(id);
  expect(server.logged.at(-1)).toContain('"reason":"not-allowed"');
});

test('no line holds a name, a token, a cookie, a code or a state', async () => {
  const browser = server.browser();
  await signIn(browser);
  await browser.go('/tapmark/session');
  await browser.go('/api/v1/users/self');
  server.canvas.unreachable = true;
  await browser.go('/api/v1/users/self?access_token=stolen-secret');
  await browser.go('/tapmark/sign-out', { method: 'POST', body: '{}' });
  const lines = server.logged.join('\n');
  expect(server.logged.length).toBeGreaterThan(5);
  expect(lines).not.toMatch(/secret|Hendrix|good-code|state=|code=/);
  for (const value of browser.cookies.values()) if (value.length > 1) expect(lines).not.toContain(value);
});

test.each<[string, () => Response]>([
  ['page', () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })],
  ['redirect', () => new Response(null, { status: 302, headers: { location: 'https://sso.example' } })],
  ['strange', () => new Response('x', { headers: { 'content-type': 'image/png' } })],
])('what is not an answer of Canvas is marked for what it is: %s', async (why, answer) => {
  const browser = server.browser();
  await signIn(browser);
  server.canvas.answer = answer;
  const read = await browser.go('/api/v1/courses');
  const body = JSON.stringify({ results: [] });
  const headers = await attemptHeaders(browser);
  const path = '/api/v1/courses/1/live_assessments/5/results';
  const posted = await browser.go(path, { method: 'POST', headers, body });
  for (const got of [read, posted]) {
    expect(got.status).toBe(504);
    expect(got.headers.get('x-tapmark-no-answer')).toBe(why);
    expect(got.headers.get('x-tapmark-outcome')).toBe('unknown');
  }
});

test('counts for Prometheus, under labels that no request can invent', async () => {
  const browser = server.browser();
  await signIn(browser);
  await browser.go('/api/v1/courses');
  await browser.go('/api/v1/courses');
  for (let n = 0; n < 20; n += 1)
    await browser.go(`/api/v1/made-up-${n}`, { method: n % 2 === 0 ? 'GET' : 'PUT' });
  const page = await server.gateway.metrics();
  expect(page).toContain('tapmark_requests_total{route="/api/v1/courses",method="GET",status="200"} 2\n');
  expect(page).toContain('tapmark_canvas_requests_total{kind="read",end="2xx"} 2\n');
  expect(page).toContain('tapmark_sign_ins_total{end="signed-in"} 1\n');
  expect(page).toContain('tapmark_sessions 1\n');
  expect(page).toMatch(/^tapmark_request_seconds_bucket\{route="\/api\/v1\/courses",le="\+Inf"\} 2$/m);
  expect(page).not.toContain('made-up');
  // Every line is a comment or a sample, as the format has it.
  for (const line of page.trim().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [\d.e+-]+)$/);
});

test('one browser cannot begin sign-ins without end, and is told so in words; others can go on', async () => {
  const [busy, other] = [server.browser(), server.browser()];
  await signIn(busy);
  const answers = [];
  for (let n = 0; n < 25; n += 1) answers.push(await busy.go('/tapmark/sign-in'));
  const refused = answers.at(-1);
  expect(refused?.status).toBe(429);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused?.text()).toContain('Wait a minute');
  expect((await other.go('/tapmark/sign-in')).status).toBe(302);
  // Marking goes on meanwhile.
  expect((await busy.go('/api/v1/courses')).status).toBe(200);
});

test('one address cannot either, whatever cookies it brings; a school that signs in at once can', async () => {
  const refusals: string[] = [];
  const limits = createSignInLimits({
    clock: createManualClock(),
    shared: { take: () => Promise.resolve(0) },
    seal: (text) => text,
    refused: (by) => refusals.push(by),
  });
  const statuses: (number | undefined)[] = [];
  for (let n = 0; n < 601; n += 1)
    statuses.push((await limits.refuse('203.0.113.9', `browser ${n}`))?.status);
  expect(statuses.findIndex((status) => status === 429)).toBe(600);
  expect(await limits.refuse('203.0.113.10', 'browser 600')).toBeUndefined();
  expect(refusals).toEqual(['address']);
});

test('an allowance comes back with time', () => {
  let nowMs = 0;
  const limit = createRateLimit({ monotonicMs: () => nowMs }, { burst: 2, perMinute: 6 });
  expect([limit.take('a'), limit.take('a'), limit.take('a'), limit.take('b')]).toEqual([0, 0, 10, 0]);
  nowMs = 9_999;
  expect(limit.take('a')).toBe(1);
  nowMs = 10_000;
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 10]);
});

test.each([
  ['192.0.2.1', null, '192.0.2.1'],
  ['192.0.2.1', '10.0.0.1', '192.0.2.1'],
  ['127.0.0.1', null, '127.0.0.1'],
  ['::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['127.0.0.1', 'evil, 203.0.113.7', '203.0.113.7'],
  ['127.0.0.1', '203.0.113.7, 10.0.0.2', '203.0.113.7'],
  ['127.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['127.0.0.1', 'not an address', '127.0.0.1'],
  ['127.0.0.1', '2001:db8:0:1:aaaa::1', '2001:db8:0:1::/64'],
  ['127.0.0.1', '2001:DB8::00ff', '2001:db8:0:0::/64'],
  [undefined, '203.0.113.7', ''],
])('from %s, forwarded for %s, comes from %s', (peer, forwarded, address) => {
  expect(clientAddress(peer, forwarded, new Set(['127.0.0.1', '10.0.0.2']))).toBe(address);
});

test('a clock that is set back neither shuts anybody out nor in', async () => {
  const clock = createManualClock();
  const limit = createRateLimit(clock, { burst: 1, perMinute: 60 });
  expect(limit.take('a')).toBe(0);
  clock.setWall(0);
  expect(limit.take('a')).toBe(1);
  await clock.advance(1_000);
  expect(limit.take('a')).toBe(0);
});
