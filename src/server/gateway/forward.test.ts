import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  accountHeader,
  attemptHeader,
  outcomeHeader,
  reasonHeader,
  speakerHeader,
  stampHeader,
} from '#canvas/gateway-wire.ts';
import { openDatabase } from '../database/database.ts';
import {
  attemptHeaders,
  scriptedOrigin,
  signIn,
  startGatewayServer,
  type GatewayServer,
} from '#testing/gateway-server.ts';
import { json } from '#testing/scripted-canvas.ts';
import type { TestBrowser } from '#testing/test-browser.ts';
import { gatewayMigrations } from './migrations.ts';

let server: GatewayServer;
let browser: TestBrowser;
beforeEach(async () => {
  server = await startGatewayServer();
  browser = server.browser();
  await signIn(browser);
});
afterEach(async () => {
  await server.close();
  expect(server.reported).toEqual([]);
});

const resultsPath = '/api/v1/courses/1/live_assessments/5/results';
const body = '{"results":[{"passed":true,"assessed_at":"2026-11-23T08:00:00Z","links":{"user":"15"}}]}';

async function post(
  fields: { id?: string; epoch?: number } = {},
  headers: Record<string, string> = {},
  sent = body,
) {
  const all = { ...(await attemptHeaders(browser, fields)), ...headers };
  return browser.go(resultsPath, { method: 'POST', headers: all, body: sent });
}

function refusalOf(response: Response) {
  const { headers, status } = response;
  return [status, headers.get(speakerHeader), headers.get(outcomeHeader), headers.get(reasonHeader)];
}

describe('reads', () => {
  test('go out with the token, our user agent and the wish for string ids, and nothing of the browser', async () => {
    await browser.go('/api/v1/courses?per_page=100', {
      headers: { 'x-forwarded-for': '10.0.0.1', 'user-agent': 'Pad' },
    });
    const [asked] = server.canvas.asked;
    expect(asked?.url).toBe(`${scriptedOrigin}/api/v1/courses?per_page=100`);
    expect(asked?.token).toBe('access-secret-1');
    expect(asked?.headers.get('accept')).toContain('application/json+canvas-string-ids');
    expect(asked?.headers.get('user-agent')).toMatch(/^Tapmark/);
    expect([...(asked?.headers.keys() ?? [])].sort()).toEqual(['accept', 'authorization', 'user-agent']);
  });

  test('come back with status, body and the headers that matter; nothing else of Canvas', async () => {
    server.canvas.answer = () =>
      json(
        { errors: [{ message: 'not now' }] },
        {
          status: 403,
          headers: {
            date: 'Mon, 23 Nov 2026 07:00:00 GMT',
            'retry-after': '30',
            'x-rate-limit-remaining': '0.0',
            'x-request-cost': '0.5',
            'set-cookie': '_csrf_token=x',
            'x-canvas-user-id': '23',
            'access-control-allow-origin': '*',
          },
        },
      );
    const answer = await browser.go('/api/v1/courses');
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({ errors: [{ message: 'not now' }] });
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      [speakerHeader]: 'canvas',
      [stampHeader]: expect.any(String) as string,
      date: 'Mon, 23 Nov 2026 07:00:00 GMT',
      'retry-after': '30',
      'x-rate-limit-remaining': '0.0',
      'x-request-cost': '0.5',
      'cache-control': 'no-store',
    });
    for (const name of ['set-cookie', 'x-canvas-user-id', 'access-control-allow-origin']) {
      expect(headers).not.toHaveProperty([name]);
    }
  });

  test('have their addresses rewritten to our own, and nothing else of the body touched', async () => {
    const next = `${scriptedOrigin}/api/v1/courses/1/live_assessments?page=2\\u0026per_page=10`;
    const text =
      `{"links":{"assessments.results":"${scriptedOrigin}/api/v1/courses/1/live_assessments/{assessments.id}/results"},` +
      `"assessments":[{"id":12345678901234567890,"key":"k","title":"see \\"next\\":\\"${scriptedOrigin}/api/v1/x\\" <b>"}],` +
      `"meta":{"pagination":{"next":"${next}","template":"${next}","count":21}}}`;
    server.canvas.answer = () =>
      new Response(text, {
        headers: {
          'content-type': 'application/json; charset=utf-8',
          link: `<${next}>; rel="next",<${scriptedOrigin}/api/v1/courses/1/live_assessments?page=1>; rel="first"`,
        },
      });
    const answer = await browser.go('/api/v1/courses/1/live_assessments');
    const own = next.replace(scriptedOrigin, server.address);
    expect(answer.headers.get('link')).toBe(
      `<${own}>; rel="next",<${server.address}/api/v1/courses/1/live_assessments?page=1>; rel="first"`,
    );
    const given = await answer.text();
    expect(given).toContain(`"assessments.results":"${server.address}/api/v1/courses/1/live_assessments/{`);
    expect(given).toContain(`"next":"${own}","template":"${own}"`);
    expect(given).toContain('"id":12345678901234567890');
    expect(given).toContain(`see \\"next\\":\\"${scriptedOrigin}/api/v1/x\\" <b>`);
  });

  test.each<[string, () => Response]>([
    [
      'a web page',
      () => new Response('<html>maintenance</html>', { headers: { 'content-type': 'text/html' } }),
    ],
    [
      'an error page',
      () => new Response('<h1>404</h1>', { status: 404, headers: { 'content-type': 'text/html' } }),
    ],
    [
      'a redirect',
      () =>
        new Response(null, {
          status: 302,
          headers: { location: 'https://sso.example/', 'content-type': 'application/json' },
        }),
    ],
    ['an empty answer', () => new Response(null, { status: 204 })],
    [
      'an endless answer',
      () => new Response('x'.repeat(9_000_000), { headers: { 'content-type': 'application/json' } }),
    ],
  ])('%s is not Canvas speaking', async (_name, answer) => {
    server.canvas.answer = answer;
    expect(refusalOf(await browser.go('/api/v1/courses'))).toEqual([504, 'gateway', 'unknown', 'no-answer']);
    expect(server.canvas.asked).toHaveLength(1);
  });

  test.each([403, 429])('the rate limiter’s plain text with status %i is Canvas speaking', async (status) => {
    server.canvas.answer = () =>
      new Response('403 Forbidden (Rate Limit Exceeded)\n', {
        status,
        headers: { 'content-type': 'text/plain' },
      });
    const answer = await browser.go('/api/v1/courses');
    expect([answer.status, answer.headers.get(speakerHeader)]).toEqual([status, 'canvas']);
    expect(await answer.text()).toContain('Rate Limit Exceeded');
  });

  test('come back packed when they are long and the browser takes that', async () => {
    const roster = Array.from({ length: 300 }, (_, n) => ({ id: String(n), name: 'Zoë' }));
    server.canvas.answer = () => json(roster);
    const long = await browser.go('/api/v1/courses/1/users', { headers: { 'accept-encoding': 'br, gzip' } });
    expect([long.headers.get('content-encoding'), long.headers.get('vary')]).toEqual([
      'gzip',
      'accept-encoding',
    ]);
    expect(await long.json()).toEqual(roster);
    const plain = await browser.go('/api/v1/courses/1/users', { headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(plain.headers.has('content-encoding')).toBe(false);
    server.canvas.answer = () => json([]);
    const short = await browser.go('/api/v1/courses', { headers: { 'accept-encoding': 'gzip' } });
    expect([short.headers.has('content-encoding'), await short.json()]).toEqual([false, []]);
  });

  test('say whether a connection came about', async () => {
    server.canvas.answer = () => Promise.reject(new Error('connection reset'));
    expect(refusalOf(await browser.go('/api/v1/courses'))).toEqual([504, 'gateway', 'unknown', 'no-answer']);
    server.canvas.unreachable = true;
    expect(refusalOf(await browser.go('/api/v1/courses'))).toEqual([
      503,
      'gateway',
      'not-sent',
      'no-connection',
    ]);
  });

  test('are refused to nobody, and to a session of somebody else', async () => {
    expect(refusalOf(await server.browser().go('/api/v1/courses'))).toEqual([
      401,
      'gateway',
      'not-sent',
      'sign-in',
    ]);
    const other = await browser.go('/api/v1/courses', { headers: { [accountHeader]: '24' } });
    expect(refusalOf(other)).toEqual([401, 'gateway', 'not-sent', 'sign-in']);
    expect((await browser.go('/api/v1/courses', { headers: { [accountHeader]: '23' } })).status).toBe(200);
    expect(server.canvas.asked).toHaveLength(1);
  });
});

describe('a POST of results', () => {
  beforeEach(() => {
    server.canvas.answer = () => json({ results: [] });
  });

  test('passes once; a repeat gets the same answer from memory', async () => {
    let row = 900;
    server.canvas.answer = () => json({ results: [{ id: String((row += 1)) }] });
    const id = crypto.randomUUID();
    const [first, again] = [await post({ id }), await post({ id })];
    expect(first.status).toBe(200);
    expect(await again.text()).toBe(await first.text());
    expect(server.canvas.asked.map((one) => one.body)).toEqual([body]);
  });

  test('is refused without id, stamp, installation or epoch, and with another body under the same id', async () => {
    const stamp = refusalOf(await post({}, { [stampHeader]: '' }));
    expect(stamp).toEqual([409, 'gateway', 'not-sent', 'stamp']);
    for (const name of [attemptHeader, 'x-tapmark-installation', 'x-tapmark-epoch']) {
      expect(refusalOf(await post({}, { [name]: 'nonsense' }))).toEqual([
        409,
        'gateway',
        'not-sent',
        'stamp',
      ]);
    }
    expect(server.canvas.asked).toEqual([]);
    const id = crypto.randomUUID();
    await post({ id });
    expect(refusalOf(await post({ id }, {}, '{"results":[]}'))).toEqual([
      504,
      'gateway',
      'unknown',
      'mismatch',
    ]);
    expect(server.canvas.asked).toHaveLength(1);
  });

  test('is refused below the epoch that a read bore', async () => {
    const {
      [stampHeader]: _stamp,
      [attemptHeader]: _id,
      ...read
    } = await attemptHeaders(browser, { epoch: 9 });
    await browser.go('/api/v1/courses', { headers: read });
    expect(refusalOf(await post({ epoch: 8 }))).toEqual([409, 'gateway', 'not-sent', 'epoch']);
    expect((await post({ epoch: 9 })).status).toBe(200);
  });

  test('is refused from anywhere but our own page', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      expect(refusalOf(await post({}, headers))).toEqual([403, 'gateway', 'not-sent', 'csrf']);
    }
    expect(server.canvas.asked).toEqual([]);
  });

  test('refused for want of a session stays refused, even when a copy of it comes with one', async () => {
    const headers = await attemptHeaders(browser);
    const send = (by: TestBrowser) => by.go(resultsPath, { method: 'POST', headers, body });
    expect(refusalOf(await send(server.browser()))).toEqual([401, 'gateway', 'not-sent', 'sign-in']);
    expect(refusalOf(await send(browser))).toEqual([401, 'gateway', 'not-sent', 'sign-in']);
    expect(server.canvas.asked).toEqual([]);
  });

  test('in the name of somebody else is refused', async () => {
    expect(refusalOf(await post({}, { [accountHeader]: '24' }))).toEqual([
      401,
      'gateway',
      'not-sent',
      'sign-in',
    ]);
  });

  test('too large is refused, and so is anything but JSON', async () => {
    const large = await post({}, {}, `{"results":[${' '.repeat(2 * 1024 * 1024)}]}`);
    expect(refusalOf(large)).toEqual([413, 'gateway', 'not-sent', 'too-large']);
    const form = await post({}, { 'content-type': 'text/plain' });
    expect(refusalOf(form)).toEqual([404, 'gateway', 'not-sent', 'not-allowed']);
    expect(server.canvas.asked).toEqual([]);
  });

  test('is answered not-sent without a connection and unknown after one, and never goes out again', async () => {
    const [cut, down] = [crypto.randomUUID(), crypto.randomUUID()];
    server.canvas.answer = () => Promise.reject(new Error('connection reset'));
    expect(refusalOf(await post({ id: cut }))).toEqual([504, 'gateway', 'unknown', 'no-answer']);
    server.canvas.unreachable = true;
    expect(refusalOf(await post({ id: down }))).toEqual([503, 'gateway', 'not-sent', 'no-connection']);
    server.canvas.unreachable = false;
    server.canvas.answer = () => json({ results: [] });
    expect(refusalOf(await post({ id: cut }))).toEqual([504, 'gateway', 'unknown', 'no-answer']);
    expect(refusalOf(await post({ id: down }))).toEqual([503, 'gateway', 'not-sent', 'no-connection']);
    expect(server.canvas.asked).toHaveLength(1);
  });

  test('an HTML page in the place of an answer leaves it unknown', async () => {
    server.canvas.answer = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
    expect(refusalOf(await post())).toEqual([504, 'gateway', 'unknown', 'no-answer']);
  });

  test('goes on when the browser has gone, and its answer is there for the repeat', async () => {
    let letGo: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      server.canvas.answer = async () => {
        resolve();
        await new Promise<void>((go) => (letGo = go));
        return json({ results: [{ id: '901' }] });
      };
    });
    const headers = { ...(await attemptHeaders(browser)), origin: server.address };
    const leaving = new AbortController();
    const cookie = `tapmark=${browser.cookies.get('tapmark') ?? ''}`;
    const gone = fetch(server.address + resultsPath, {
      method: 'POST',
      headers: { ...headers, cookie },
      body,
      signal: leaving.signal,
    });
    await arrived;
    leaving.abort();
    await expect(gone).rejects.toThrow();
    letGo();
    const repeat = await browser.go(resultsPath, { method: 'POST', headers, body });
    expect(await repeat.json()).toEqual({ results: [{ id: '901' }] });
    expect(server.canvas.asked).toHaveLength(1);
  });
});

describe('inquiries', () => {
  const ask = async (id: string, stamp: string | undefined, by = browser) =>
    by.go(`/tapmark/attempts/${id}/inquiry`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ stamp }),
    });

  test('tell of an answered attempt, and vouch for one that never came and never will', async () => {
    server.canvas.answer = () => json({ results: [] });
    const headers = await attemptHeaders(browser);
    await browser.go(resultsPath, { method: 'POST', headers, body });
    const stamp = headers[stampHeader];
    expect(await (await ask(headers[attemptHeader] ?? '', stamp)).json()).toEqual({
      knows: 'answered',
      status: 200,
    });
    const lost = crypto.randomUUID();
    expect(await (await ask(lost, undefined)).json()).toEqual({ knows: 'unknown' });
    expect(await (await ask(lost, stamp)).json()).toEqual({ knows: 'never-forwarded' });
    expect(refusalOf(await post({ id: lost }))).toEqual([409, 'gateway', 'not-sent', 'barred']);
    expect(server.canvas.asked).toHaveLength(1);
  });

  test('are refused to strangers, and nonsense is', async () => {
    const id = crypto.randomUUID();
    expect(refusalOf(await ask(id, 'x', server.browser()))).toEqual([401, 'gateway', 'not-sent', 'sign-in']);
    expect(refusalOf(await ask('x', 'x'))).toEqual([404, 'gateway', 'not-sent', 'not-allowed']);
    const broken = await browser.go(`/tapmark/attempts/${id}/inquiry`, { method: 'POST', body: '{"stamp":' });
    expect(await broken.json()).toEqual({ knows: 'unknown' });
  });
});

describe('a token that expires', () => {
  test('is renewed before anything goes out', async () => {
    server.canvas.expiresIn = 60;
    const soon = server.browser();
    await signIn(soon);
    server.canvas.expiresIn = 3600;
    await soon.go('/api/v1/courses');
    await soon.go('/api/v1/courses');
    expect(server.canvas.grants.filter((kind) => kind === 'refresh_token')).toHaveLength(1);
    expect(server.canvas.asked.map(({ token }) => token)).toEqual(['access-secret-3', 'access-secret-3']);
  });

  test('is renewed and the read repeated when Canvas calls it expired earlier', async () => {
    server.canvas.tokens.clear();
    expect((await browser.go('/api/v1/courses')).status).toBe(200);
    expect(server.canvas.asked.map(({ token }) => token)).toEqual(['access-secret-1', 'access-secret-2']);
  });

  test('in mid-batch: the POST is not repeated, but the next one goes out with a new token', async () => {
    server.canvas.answer = () => json({ results: [] });
    server.canvas.tokens.clear();
    const first = await post();
    expect([first.status, first.headers.get(speakerHeader)]).toEqual([401, 'canvas']);
    expect(first.headers.get('www-authenticate')).toContain('Bearer');
    expect(server.canvas.asked).toHaveLength(1);
    expect(await (await browser.go('/tapmark/session')).json()).toMatchObject({ signedIn: true });
    expect((await post()).status).toBe(200);
    expect(server.canvas.asked.map(({ token }) => token)).toEqual(['access-secret-1', 'access-secret-2']);
  });

  test('that cannot be renewed ends the session', async () => {
    server.canvas.onRefresh = () =>
      json({ error: 'invalid_request', error_description: 'refresh_token not found' }, { status: 400 });
    server.canvas.tokens.clear();
    expect(refusalOf(await browser.go('/api/v1/courses'))).toEqual([401, 'gateway', 'not-sent', 'sign-in']);
    expect(await (await browser.go('/tapmark/session')).json()).toMatchObject({ signedIn: false });
    expect(refusalOf(await post())).toEqual([401, 'gateway', 'not-sent', 'sign-in']);
  });

  test.each<[string, () => Response | Promise<Response>]>([
    ['a web page', () => new Response('<html>', { status: 503 })],
    ['a cut connection', () => Promise.reject(new Error('reset'))],
    ['a key that is no longer good', () => json({ error: 'invalid_client' }, { status: 401 })],
  ])('keeps the session when the renewal meets %s', async (_name, onRefresh) => {
    server.canvas.onRefresh = onRefresh;
    server.canvas.tokens.clear();
    await browser.go('/api/v1/courses');
    expect(refusalOf(await post())).toEqual([503, 'gateway', 'not-sent', 'no-connection']);
    expect(await (await browser.go('/tapmark/session')).json()).toMatchObject({ signedIn: true });
    server.canvas.onRefresh = undefined;
    expect((await browser.go('/api/v1/courses')).status).toBe(200);
  });

  test('is renewed once, however many tabs and instances ask at once', async () => {
    await server.close();
    const database = await openDatabase({ url: 'sqlite::memory:', migrations: gatewayMigrations });
    server = await startGatewayServer({ database });
    const { canvas } = server;
    const second = await startGatewayServer({ database, canvas });
    browser = server.browser();
    canvas.expiresIn = 30;
    await signIn(browser);
    canvas.expiresIn = 3600;
    const { tokens } = canvas;
    canvas.onRefresh = async () => {
      // Slow enough for everybody to come and find the token stale.
      await new Promise((resolve) => setTimeout(resolve, 200));
      tokens.clear();
      tokens.add('renewed');
      return json({ access_token: 'renewed', expires_in: 3600 });
    };
    const onBoth = [server, second].flatMap((instance) => {
      const tab = instance.browser();
      for (const [name, value] of browser.cookies) tab.cookies.set(name, value);
      return [tab, tab, tab];
    });
    const answers = await Promise.all(onBoth.map((tab) => tab.go('/api/v1/courses')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(canvas.grants).toEqual(['authorization_code', 'refresh_token']);
    await second.close();
    await server.close();
    await database.close();
    server = await startGatewayServer();
  });
});
