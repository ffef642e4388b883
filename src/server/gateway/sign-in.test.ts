import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptedOrigin, signIn, startGatewayServer, type GatewayServer } from '#testing/gateway-server.ts';
import { createManualClock } from '#testing/manual-clock.ts';
import { json } from '#testing/scripted-canvas.ts';
import { scopes } from './allow-list.ts';
import { safeReturn } from './sign-in.ts';
import type { GatewayTables } from './migrations.ts';
import { digest } from './vault.ts';

let server: GatewayServer;
beforeEach(async () => {
  server = await startGatewayServer();
});
afterEach(async () => {
  await server.close();
  expect(server.reported).toEqual([]);
});

const session = async (browser: ReturnType<GatewayServer['browser']>) =>
  (await browser.go('/tapmark/session')).json();
const school = { host: 'canvas.test', schoolName: 'Test School', sample: false };

test('signs in by OAuth2 with state and PKCE, and goes back to where the person was', async () => {
  const browser = server.browser();
  expect(await session(browser)).toEqual({ signedIn: false, ...school });
  const start = await browser.go('/tapmark/sign-in?return_to=/courses/7%3Fa=b');
  const to = new URL(start.headers.get('location') ?? '');
  expect(start.status).toBe(302);
  expect(to.origin + to.pathname).toBe(`${scriptedOrigin}/login/oauth2/auth`);
  expect(Object.fromEntries(to.searchParams)).toMatchObject({
    client_id: 'key',
    response_type: 'code',
    redirect_uri: `${server.address}/tapmark/sign-in/return`,
    scope: scopes.join(' '),
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
    state: expect.stringMatching(/^[\w-]{43}$/) as string,
  });
  expect(to.searchParams.has('force_login')).toBe(false);

  const back = await browser.go(
    `/tapmark/sign-in/return?code=good-code&state=${to.searchParams.get('state') ?? ''}`,
  );
  const exchanged = server.canvas.lastGrant;
  expect(back.status).toBe(302);
  expect(back.headers.get('location')).toBe('/courses/7?a=b');
  expect(digest(exchanged.get('code_verifier') ?? '')).toBe(to.searchParams.get('code_challenge'));
  expect(exchanged.get('redirect_uri')).toBe(to.searchParams.get('redirect_uri'));
  expect(await session(browser)).toEqual({
    signedIn: true,
    ...school,
    user: { id: '23', name: 'Jimi Hendrix', locale: null },
  });
});

test('asks Canvas for a new sign-in on a shared tablet', async () => {
  const start = await server.browser().go('/tapmark/sign-in?force=1');
  expect(new URL(start.headers.get('location') ?? '').searchParams.get('force_login')).toBe('1');
});

test('gives the browser a cookie out of reach of scripts, and never a token', async () => {
  const browser = server.browser();
  const answers = [
    await signIn(browser),
    await browser.go('/tapmark/session'),
    await browser.go('/api/v1/courses'),
  ];
  expect(browser.setCookies.get('tapmark')).toMatch(/; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
  for (const answer of answers) {
    const seen = JSON.stringify([...answer.headers]) + (await answer.text());
    expect(seen).not.toMatch(/access-secret|refresh-secret|client-secret/);
  }
});

test('behind TLS the cookie is Secure and bound to the host', async () => {
  const secure = await startGatewayServer({ publicOrigin: 'https://marks.school.example' });
  const browser = secure.browser();
  const done = await signIn(browser);
  expect(browser.setCookies.get('__Host-tapmark')).toMatch(/; Path=\/; .*; Secure$/);
  expect(done.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
  await secure.close();
});

test('keeps tokens, names and cookies in the database only encrypted or as digests', async () => {
  const browser = server.browser();
  await signIn(browser);
  const rows = await server.database
    .tables<GatewayTables>()
    .selectFrom('gatewaySessions')
    .selectAll()
    .execute();
  const stored = JSON.stringify(rows);
  expect(rows).toHaveLength(1);
  expect(stored).not.toMatch(/access-secret|refresh-secret|Hendrix/);
  expect(stored).not.toContain(browser.cookies.get('tapmark'));
});

test.each([
  ['a wrong state', (state: string) => `code=good-code&state=${state.slice(1)}x`, undefined],
  ['no state', () => 'code=good-code', undefined],
  ['a bad code', (state: string) => `code=stolen&state=${state}`, 'expired'],
  ['no code', (state: string) => `state=${state}`, 'failed'],
  ['a refusal by the person', (state: string) => `error=access_denied&state=${state}`, 'denied'],
  ['a scope the key lacks', (state: string) => `error=invalid_scope&state=${state}`, 'failed'],
])('does not sign in with %s', async (_name, query, problem) => {
  const browser = server.browser();
  const start = await browser.go('/tapmark/sign-in');
  const state = new URL(start.headers.get('location') ?? '').searchParams.get('state') ?? '';
  const back = await browser.go(`/tapmark/sign-in/return?${query(state)}`);
  const to = problem === undefined ? '/tapmark/sign-in?again=1' : `/sign-in?problem=${problem}`;
  expect(back.headers.get('location')).toBe(to);
  expect(await session(browser)).toMatchObject({ signedIn: false });
});

const stateOf = (start: Response) =>
  new URL(start.headers.get('location') ?? '').searchParams.get('state') ?? '';

test('does not end in one browser what began in another, but begins anew there, once', async () => {
  const start = await server.browser().go('/tapmark/sign-in');
  const state = new URL(start.headers.get('location') ?? '').searchParams.get('state') ?? '';
  const victim = server.browser();
  const back = await victim.go(`/tapmark/sign-in/return?code=good-code&state=${state}`);
  expect(back.headers.get('location')).toBe('/tapmark/sign-in?again=1');
  expect(server.canvas.grants).toEqual([]);
  const again = stateOf(await victim.go('/tapmark/sign-in?again=1'));
  // A browser that keeps no cookie must not go round for ever.
  const third = await server.browser().go(`/tapmark/sign-in/return?code=good-code&state=${again}`);
  expect(third.headers.get('location')).toBe('/sign-in?problem=expired');
  const good = await victim.go(`/tapmark/sign-in/return?code=good-code&state=${again}`);
  expect(good.headers.get('location')).toBe('/');
  expect(await session(victim)).toMatchObject({ signedIn: true });
});

test('a way back that was lost is remembered, so that the next start can go on from it', async () => {
  const browser = server.browser();
  await browser.go('/tapmark/sign-in?return_to=/courses/7');
  expect(await session(browser)).toEqual({ signedIn: false, ...school, unfinished: '/courses/7' });
  await signIn(browser, '/courses/7');
  expect(await session(browser)).not.toHaveProperty('unfinished');
});

test('after a sign-out Canvas is asked to ask, since another person may follow', async () => {
  const browser = server.browser();
  await signIn(browser);
  await browser.go('/tapmark/sign-out', { method: 'POST', body: '{}' });
  const forced = async () =>
    new URL((await browser.go('/tapmark/sign-in')).headers.get('location') ?? '').searchParams.get(
      'force_login',
    );
  expect(await forced()).toBe('1');
  await signIn(browser);
  expect(await forced()).toBeNull();
});

test('on shared tablets Canvas asks each time, and its own session ends with ours', async () => {
  const shared = await startGatewayServer({ settings: { sharedTablets: true } });
  const browser = shared.browser();
  const start = await browser.go('/tapmark/sign-in');
  expect(new URL(start.headers.get('location') ?? '').searchParams.get('force_login')).toBe('1');
  await signIn(browser);
  await browser.go('/tapmark/sign-out', { method: 'POST', body: '{}' });
  expect(shared.canvas.revocations).toEqual(['?expire_sessions=1']);
  await shared.close();
});

test('does not end what began too long ago', async () => {
  const clock = createManualClock();
  const slow = await startGatewayServer({ clock });
  const browser = slow.browser();
  const start = await browser.go('/tapmark/sign-in');
  const state = new URL(start.headers.get('location') ?? '').searchParams.get('state') ?? '';
  await clock.advance(10 * 60_000 + 1);
  const back = await browser.go(`/tapmark/sign-in/return?code=good-code&state=${state}`);
  expect(back.headers.get('location')).toBe('/tapmark/sign-in?again=1');
  expect(slow.canvas.grants).toEqual([]);
  await slow.close();
});

test('a way back that is taken twice changes nothing', async () => {
  const browser = server.browser();
  await signIn(browser);
  const cookie = browser.cookies.get('tapmark');
  const again = await browser.go('/tapmark/sign-in/return?code=good-code&state=x');
  expect(again.headers.get('location')).toBe('/');
  expect(browser.cookies.get('tapmark')).toBe(cookie);
});

test('says so when Canvas cannot be reached, or answers nonsense', async () => {
  const browser = server.browser();
  server.canvas.unreachable = true;
  expect((await signIn(browser)).headers.get('location')).toBe('/sign-in?problem=unreachable');
  server.canvas.unreachable = false;
  server.canvas.onExchange = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
  expect((await signIn(browser)).headers.get('location')).toBe('/sign-in?problem=failed');
  server.canvas.onExchange = () => json({ error: 'invalid_client' }, { status: 401 });
  expect((await signIn(browser)).headers.get('location')).toBe('/sign-in?problem=failed');
});

test('a planted cookie gains nothing: sign-in begins a new session and ends the old one', async () => {
  const attacker = server.browser();
  await signIn(attacker);
  const planted = attacker.cookies.get('tapmark') ?? '';
  const victim = server.browser();
  victim.cookies.set('tapmark', planted);
  await signIn(victim);
  expect(victim.cookies.get('tapmark')).not.toBe(planted);
  expect(await session(attacker)).toMatchObject({ signedIn: false });
  expect(await session(victim)).toMatchObject({ signedIn: true });
});

test('sign-out ends the session for good, here and at Canvas', async () => {
  const browser = server.browser();
  await signIn(browser);
  const cookie = browser.cookies.get('tapmark') ?? '';
  const out = await browser.go('/tapmark/sign-out', { method: 'POST', body: '{}' });
  expect(out.status).toBe(204);
  expect(browser.cookies.has('tapmark')).toBe(false);
  expect(server.canvas.grants).toEqual(['authorization_code', 'revoke']);
  browser.cookies.set('tapmark', cookie);
  expect(await session(browser)).toMatchObject({ signedIn: false });
  expect((await browser.go('/api/v1/courses')).status).toBe(401);
  expect(server.canvas.asked).toEqual([]);
});

test('sign-out works while Canvas is down, and not from another site', async () => {
  const browser = server.browser();
  await signIn(browser);
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  const refused = await browser.go('/tapmark/sign-out', { method: 'POST', body: '{}', headers: foreign });
  expect(refused.headers.get('x-tapmark-reason')).toBe('csrf');
  expect(await session(browser)).toMatchObject({ signedIn: true });
  server.canvas.unreachable = true;
  expect((await browser.go('/tapmark/sign-out', { method: 'POST', body: '{}' })).status).toBe(204);
  expect(await session(browser)).toMatchObject({ signedIn: false });
});

test.each(['', 'x', 'tapmark', '../../etc', 'a'.repeat(43), "' or 1=1 --", '%00', 'é'])(
  'a made-up cookie %j opens nothing',
  async (value) => {
    const browser = server.browser();
    browser.cookies.set('tapmark', encodeURIComponent(value));
    expect(await session(browser)).toMatchObject({ signedIn: false });
  },
);

test.each([
  ['/courses/7?a=b#c', '/courses/7?a=b#c'],
  ['/a/../b', '/b'],
  ['https://evil.example', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/.//evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/tapmark/sign-in', '/'],
  ['/login/oauth2/auth', '/'],
  ['/api/v1/courses', '/'],
  ['/apiary', '/apiary'],
  [`/${'x'.repeat(2000)}`, '/'],
  [null, '/'],
])('after sign-in %j leads to %j', (given, expected) => {
  expect(safeReturn(given)).toBe(expected);
});
