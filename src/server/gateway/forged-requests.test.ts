import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startGatewayServer, type GatewayServer } from '#testing/gateway-server.ts';

/*
 * What no browser sends, over a bare connection and with a good session: nothing of it may reach Canvas, and the
 * server stays up.
 */

let server: GatewayServer;
let cookie: string;
beforeAll(async () => {
  server = await startGatewayServer();
  const browser = server.browser();
  await signIn(browser);
  cookie = `tapmark=${browser.cookies.get('tapmark') ?? ''}`;
});
afterAll(() => server.close());

/** @returns the status, or 0 when the connection was closed without an answer */
function send(text: string): Promise<number> {
  const { port } = new URL(server.address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    let said = '';
    const done = () => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0));
    };
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1');
      if (said.includes('\r\n\r\n')) done();
    });
    socket.on('error', done);
    socket.on('close', done);
    socket.end(text.replaceAll('\n', '\r\n'), 'latin1');
  });
}

const request = (line: string, headers = '') =>
  `${line} HTTP/1.1\nHost: ${new URL(server.address).host}\nCookie: ${cookie}\n${headers}Connection: close\n\n`;

test('a well-made request does reach Canvas this way', async () => {
  expect(await send(request('GET /api/v1/courses'))).toBe(200);
  expect(server.canvas.asked.splice(0)).toHaveLength(1);
});

test.each([
  ['GET /api/v1/../../accounts'],
  ['GET /api/v1/courses/../accounts'],
  ['GET /api/v1/courses/%2e%2e/accounts'],
  ['GET /api/v1/courses/..%2faccounts'],
  ['GET /api/v1/courses/1/users/../../../accounts/1/users'],
  ['GET /api/v1/courses/1%2Fusers'],
  ['GET /api/v1/courses/1/users%3fas_user_id=1'],
  ['GET /api/v1/courses/1/users%00'],
  ['GET /api/v1//courses'],
  ['GET //api/v1/courses'],
  ['GET /api/v1/courses\\users'],
  ['GET /api/v1/courses?as_user_id=1'],
  ['GET /api/v1/accounts/1'],
  ['GET /api/graphql'],
  ['GET /tapmark/../api/v1/accounts'],
  ['GET http://canvas.test/api/v1/accounts'],
  ['GET http://evil.example/api/v1/courses'],
  ['GET https://canvas.test:443/api/v1/courses'],
  ['GET @canvas.test/api/v1/courses'],
  ['GET *'],
  ['OPTIONS *'],
  ['OPTIONS /api/v1/courses'],
  ['CONNECT canvas.test:443'],
  ['TRACE /api/v1/courses'],
  ['HEAD /api/v1/courses'],
  ['DELETE /api/v1/courses/1/live_assessments/1'],
  ['PATCH /api/v1/courses'],
  ['POST /api/v1/courses/1/live_assessments'],
  ['POST /login/oauth2/token'],
  ['GET /login/oauth2/auth'],
  ['get /api/v1/courses'],
  ['GET /api/v1/courses/ü/users'],
])('%s reaches nobody', async (line) => {
  const status = await send(request(line));
  expect(status === 0 || (status >= 400 && status < 500)).toBe(true);
  expect(server.canvas.asked).toEqual([]);
});

test.each([
  ['a foreign host', 'Host: evil.example\n', 421],
  ['two hosts', 'Host: evil.example\nHost: 127.0.0.1\n', 421],
])('%s is refused', async (_name, headers, status) => {
  expect(await send(`GET /api/v1/courses HTTP/1.1\n${headers}Cookie: ${cookie}\nConnection: close\n\n`)).toBe(
    status,
  );
  expect(server.canvas.asked).toEqual([]);
});

test.each([
  ['two lengths', 'Content-Length: 2\nContent-Length: 40\n'],
  ['a length and chunks', 'Content-Length: 4\nTransfer-Encoding: chunked\n'],
  ['a folded header', 'X-A: 1\n  Transfer-Encoding: chunked\n'],
  ['a header with a space in its name', 'Transfer-Encoding : chunked\n'],
  ['an unknown transfer encoding', 'Transfer-Encoding: identity, chunked, x\n'],
])('%s is not taken for two requests', async (_name, headers) => {
  const smuggled = 'GET /api/v1/accounts HTTP/1.1\nHost: canvas.test\n\n';
  await send(
    `POST /api/v1/courses/1/live_assessments HTTP/1.1\nHost: 127.0.0.1\nCookie: ${cookie}\n${headers}\n0\n\n${smuggled}`,
  );
  expect(server.canvas.asked).toEqual([]);
});

test('ten thousand made-up requests reach nobody, and the server goes on', async () => {
  let seed = 42;
  const pick = <T>(from: readonly T[]): T => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return from[seed % from.length]!;
  };
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'];
  const parts = [
    '/',
    '..',
    '%2e%2e',
    '%2f',
    'api',
    'v1',
    'v1',
    'accounts',
    'users',
    'x',
    '%00',
    '\\',
    ';',
    '?',
    '&a=b',
  ];
  const statuses = new Set<number>();
  for (let round = 0; round < 100; round += 1) {
    const batch = Array.from({ length: 100 }, async () => {
      const path = `/api${Array.from({ length: 1 + (seed % 7) }, () => pick(['/', '']) + pick(parts)).join('')}`;
      statuses.add(await send(request(`${pick(methods)} ${path}`, 'Content-Length: 0\n')));
    });
    await Promise.all(batch);
  }
  expect(server.canvas.asked).toEqual([]);
  expect([...statuses].filter((status) => status >= 500)).toEqual([]);
  expect(await send(request('GET /healthz'))).toBe(200);
  expect(server.reported).toEqual([]);
}, 60_000);
