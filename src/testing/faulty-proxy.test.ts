import { Agent, createServer, request as nodeRequest, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loginRedirect, portal, throttled, type Fault } from './faults.ts';
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy.ts';

/** What the upstream did: the bodies it took in full. */
let taken: string[] = [];
let upstream: Server;
let proxy: FaultyProxy;

beforeEach(async () => {
  taken = [];
  upstream = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('error', () => undefined);
    request.on('end', () => {
      taken.push(body);
      response.setHeader('x-speaker', 'canvas');
      if (request.url === '/chunked') response.write('in ');
      response.end(`answer ${taken.length}`);
    });
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  proxy = await startFaultyProxy({ host: '127.0.0.1', port: (upstream.address() as AddressInfo).port });
});

afterEach(async () => {
  await proxy.close();
  upstream.closeAllConnections();
  upstream.close();
});

interface Got {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Node's own client without any retry, so that what breaks is seen to break. */
function post(body: string, path = '/', agent?: Agent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = nodeRequest(proxy.url + path, { method: 'POST', agent: agent ?? false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

function next(fault: Fault) {
  let used = false;
  proxy.plan(() => {
    if (used) return { kind: 'pass' };
    used = true;
    return fault;
  });
}

async function untilTaken(count: number) {
  await expect.poll(() => taken.length).toBe(count);
}

describe('when nothing is planned', () => {
  test('passes requests and answers on, whole and in order, over one connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const long = 'x'.repeat(300_000);
    expect((await post('one', '/', agent)).body).toBe('answer 1');
    expect((await post(long, '/chunked', agent)).body).toBe('in answer 2');
    expect((await post('three', '/', agent)).body).toBe('answer 3');
    expect(taken).toEqual(['one', long, 'three']);
    expect(proxy.passages.map((passage) => passage.answered)).toEqual([200, 200, 200]);
    agent.destroy();
  });

  test('breaks the connection when the upstream is gone', async () => {
    upstream.close();
    upstream.closeAllConnections();
    await expect(post('lost')).rejects.toThrow();
    expect(proxy.passages[0]?.answered).toBeUndefined();
  });
});

describe('a cut', () => {
  test('before the request went on leaves the upstream untouched', async () => {
    next({ kind: 'cut', at: 'unsent' });
    await expect(post('a')).rejects.toThrow();
    await post('b');
    expect(taken).toEqual(['b']);
  });

  test('in the middle of the request lets nothing take effect', async () => {
    next({ kind: 'cut', at: 'half-sent' });
    await expect(post('a'.repeat(1000))).rejects.toThrow();
    await post('b');
    expect(taken).toEqual(['b']);
  });

  test('after the request lets it take effect, unseen by the client', async () => {
    next({ kind: 'cut', at: 'sent' });
    await expect(post('a')).rejects.toThrow();
    await untilTaken(1);
  });

  test('after the answer comes when all is done upstream', async () => {
    next({ kind: 'cut', at: 'answered' });
    await expect(post('a')).rejects.toThrow();
    expect(taken).toEqual(['a']);
    expect(proxy.passages[0]).toEqual({ method: 'POST', path: '/', fault: 'cut', answered: 200 });
  });

  test('in the middle of the answer gives the client no whole body', async () => {
    next({ kind: 'cut', at: 'half-answered' });
    await expect(post('a')).rejects.toThrow();
    expect(taken).toEqual(['a']);
  });
});

test('a request that is held takes effect when released, although the client has gone', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  next({ kind: 'wait', before: held });
  const request = nodeRequest(proxy.url, { method: 'POST', agent: false });
  request.on('error', () => undefined);
  request.end('late');
  await expect.poll(() => proxy.passages.length).toBe(1);
  request.destroy();
  expect(taken).toEqual([]);
  release();
  await untilTaken(1);
});

test('a request that is repeated takes effect each time and is answered once', async () => {
  next({ kind: 'repeat', times: 3 });
  expect((await post('a')).body).toBe('answer 3');
  expect(taken).toEqual(['a', 'a', 'a']);
});

test('others may answer without the upstream hearing of it', async () => {
  for (const [fault, status] of [
    [portal, 200],
    [loginRedirect, 302],
    [throttled(30), 429],
  ] as const) {
    next(fault);
    const got = await post('a');
    expect(got.status).toBe(status);
    expect(got.headers['x-speaker']).toBeUndefined();
  }
  expect(taken).toEqual([]);
});

test('an answer may be replaced after the request took effect', async () => {
  next({ kind: 'replace-answer', status: 500, body: '{"errors":[]}' });
  expect(await post('a')).toMatchObject({ status: 500, body: '{"errors":[]}' });
  expect(taken).toEqual(['a']);
});

test('headers may be taken from an answer', async () => {
  next({ kind: 'strip', headers: ['x-speaker'] });
  expect((await post('a')).headers['x-speaker']).toBeUndefined();
  expect((await post('b')).headers['x-speaker']).toBe('canvas');
});

test('no network breaks what is under way and what comes, until it is back', async () => {
  next({ kind: 'wait', before: new Promise(() => undefined) });
  const broken = expect(post('a')).rejects.toThrow();
  await expect.poll(() => proxy.passages.length).toBe(1);
  proxy.setOnline(false);
  await broken;
  await expect(post('b')).rejects.toThrow();
  proxy.setOnline(true);
  expect((await post('c')).status).toBe(200);
  expect(taken).toEqual(['c']);
});

test('who is down refuses connections, and is back at the same address', async () => {
  next({ kind: 'wait', before: new Promise(() => undefined) });
  const broken = expect(post('a')).rejects.toThrow();
  await expect.poll(() => proxy.passages.length).toBe(1);
  await proxy.setListening(false);
  await broken;
  await expect(post('b')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.setListening(true);
  expect((await post('c')).status).toBe(200);
  expect(taken).toEqual(['c']);
});
