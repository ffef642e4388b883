import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createNetworkUpstream } from './network-upstream.ts';
import { TooLargeBodyError } from './read-text.ts';
import { LateAnswerError, NoConnectionError } from './upstream.ts';

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function upstreamTo(origin: string) {
  const upstream = createNetworkUpstream(origin);
  cleanUp.push(() => upstream.close());
  const ask = (path: string, init?: RequestInit) => upstream.ask(new Request(origin + path, init));
  return ask;
}

const serve = (listener: RequestListener) => listen(createServer(listener));
const posting = { method: 'POST', body: '{"results":[]}', headers: { 'content-type': 'application/json' } };

describe('an answer', () => {
  test('comes with status, headers and body, and the request goes out as it is', async () => {
    let seen = '';
    const origin = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen = `${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''} ${body}`;
        response.writeHead(403, { 'content-type': 'application/json', 'x-request-cost': '0.1' });
        response.end('{"a":1}');
      });
    });
    const answer = await upstreamTo(origin)('/api/v1/x?page=2', {
      ...posting,
      headers: { authorization: 'Bearer t' },
    });
    expect(seen).toBe('POST /api/v1/x?page=2 Bearer t {"results":[]}');
    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-request-cost')).toBe('0.1');
    expect(await answer.json()).toEqual({ a: 1 });
  });

  test('is unpacked', async () => {
    const packed = gzipSync('{"names":"Zoë"}');
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.byteLength });
      response.end(packed);
    });
    const answer = await upstreamTo(origin)('/');
    expect(answer.headers.has('content-encoding')).toBe(false);
    expect(await answer.text()).toBe('{"names":"Zoë"}');
  });

  test('that is a redirect is not followed', async () => {
    let requests = 0;
    const origin = await serve((_request, response) => {
      requests += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await upstreamTo(origin)('/')).status).toBe(302);
    expect(requests).toBe(1);
  });

  test('that is cut off fails when it is read', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"results":[', () => response.destroy());
    });
    const reading = upstreamTo(origin)('/').then((answer) => answer.text());
    await expect(reading).rejects.toThrow();
    await expect(reading).rejects.not.toBeInstanceOf(NoConnectionError);
  });

  test('without a body is one', async () => {
    const origin = await serve((_request, response) => response.writeHead(204).end());
    expect((await upstreamTo(origin)('/')).status).toBe(204);
  });
});

describe('no connection', () => {
  test('when nobody listens', async () => {
    const server = createTcpServer();
    const origin = await listen(server);
    server.close();
    await once(server, 'close');
    cleanUp.length = 0;
    await expect(upstreamTo(origin)('/', posting)).rejects.toBeInstanceOf(NoConnectionError);
  });

  test('when the name leads nowhere', async () => {
    await expect(upstreamTo('http://canvas.invalid')('/', posting)).rejects.toBeInstanceOf(NoConnectionError);
  });

  test('when TLS does not come about', async () => {
    const origin = await listen(createTcpServer((socket) => socket.end('HTTP/1.1 400 plain http\r\n\r\n')));
    const ask = upstreamTo(origin.replace('http:', 'https:'));
    await expect(ask('/', posting)).rejects.toBeInstanceOf(NoConnectionError);
  });

  test('to anywhere but Canvas', async () => {
    const upstream = createNetworkUpstream('http://127.0.0.1:1');
    await expect(upstream.ask(new Request('http://127.0.0.1:2/'))).rejects.toBeInstanceOf(NoConnectionError);
  });
});

describe('a connection, but no answer', () => {
  test('is in doubt when the other side closes it', async () => {
    const origin = await listen(createTcpServer((socket) => socket.on('data', () => socket.destroy())));
    const asking = upstreamTo(origin)('/', posting);
    await expect(asking).rejects.toThrow();
    await expect(asking).rejects.not.toBeInstanceOf(NoConnectionError);
  });

  test('is in doubt when we give up', async () => {
    let hear: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => (hear = resolve));
    const origin = await listen(createTcpServer((socket) => socket.on('data', () => hear())));
    const limit = new AbortController();
    const asking = upstreamTo(origin)('/', { ...posting, signal: limit.signal });
    await heard;
    limit.abort();
    await expect(asking).rejects.toThrow();
    await expect(asking).rejects.not.toBeInstanceOf(NoConnectionError);
  });

  test('is never tried again', async () => {
    let connections = 0;
    const origin = await listen(
      createTcpServer((socket) => {
        connections += 1;
        socket.on('data', () => socket.destroy());
      }),
    );
    await expect(upstreamTo(origin)('/', posting)).rejects.toThrow();
    expect(connections).toBe(1);
  });
});

test('reads share connections, a write has one of its own', async () => {
  let connections = 0;
  const server = createServer((request, response) => {
    request.resume();
    response.end('{}');
  });
  server.on('connection', () => (connections += 1));
  const ask = upstreamTo(await listen(server));
  for (let n = 0; n < 3; n += 1) await (await ask('/')).text();
  expect(connections).toBe(1);
  await (await ask('/', posting)).text();
  await (await ask('/', posting)).text();
  expect(connections).toBe(3);
});

describe('the short way for reads', () => {
  const readFrom = (origin: string, limits: { largest?: number; limitMs?: number } = {}) => {
    const upstream = createNetworkUpstream(origin);
    cleanUp.push(() => upstream.close());
    const headers = { authorization: 'Bearer t' };
    return upstream.read({ target: '/api/v1/x?page=2', headers, largest: 1_000, limitMs: 20_000, ...limits });
  };

  test('brings status, headers and the unpacked body, and follows no redirect', async () => {
    const seen: string[] = [];
    const origin = await serve((request, response) => {
      seen.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`);
      response.writeHead(302, { 'content-encoding': 'gzip', link: ['<a>', '<b>'] });
      response.end(gzipSync('{"names":"Zoë"}'));
    });
    const answer = await readFrom(origin);
    expect(seen).toEqual(['GET /api/v1/x?page=2 Bearer t']);
    expect([answer.status, answer.header('link')]).toEqual([302, '<a>, <b>']);
    expect(Buffer.from(answer.body).toString()).toBe('{"names":"Zoë"}');
  });

  test('tells no connection, a cut, a wait in vain and too much apart', async () => {
    await expect(readFrom('http://canvas.invalid')).rejects.toBeInstanceOf(NoConnectionError);
    const cut = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => response.destroy());
    });
    const cutting = readFrom(cut);
    await expect(cutting).rejects.toThrow();
    await expect(cutting).rejects.not.toBeInstanceOf(NoConnectionError);
    const silent = await serve(() => undefined);
    await expect(readFrom(silent, { limitMs: 50 })).rejects.toBeInstanceOf(LateAnswerError);
    const dripping = await serve((_request, response) => void response.write('{'));
    await expect(readFrom(dripping, { limitMs: 50 })).rejects.toBeInstanceOf(LateAnswerError);
    const long = await serve((_request, response) => void response.end('x'.repeat(1_001)));
    await expect(readFrom(long)).rejects.toBeInstanceOf(TooLargeBodyError);
    const bomb = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync('x'.repeat(100_000)));
    });
    await expect(readFrom(bomb)).rejects.toBeInstanceOf(TooLargeBodyError);
  });
});
