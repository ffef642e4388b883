import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '#lib/clock.ts';
import { startAnswering, type AnsweringServer } from '#testing/answering-server.ts';
import type { WireResponse } from './answer.ts';
import { browserFetch } from './browser-fetch.ts';
import { NetworkError, TimeoutError, WrongShapeError } from './errors.ts';
import { exchange, maxBodySize } from './exchange.ts';

/** A clock whose sleeps end only when they are aborted: nothing here may depend on how fast the machine is. */
const patient: Clock = {
  ...systemClock,
  sleep: (_, signal) =>
    new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
};
/** A clock whose sleeps are over at once. */
const hasty: Clock = { ...systemClock, sleep: () => Promise.resolve() };

let server: AnsweringServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function get(
  answer: (response: ServerResponse) => void,
  given: { clock?: Clock; signal?: AbortSignal } = {},
) {
  server = await startAnswering((_, response) => answer(response));
  return exchange(
    { fetch: browserFetch, clock: given.clock ?? patient },
    {
      url: `${server.origin}/x`,
      request: { method: 'GET', headers: {} },
      timeoutMs: 1,
      ...(given.signal === undefined ? {} : { signal: given.signal }),
    },
  );
}

const never: Promise<never> = new Promise(() => undefined);
const response = (text: () => Promise<string>, status = 200): WireResponse => ({
  status,
  headers: new Headers({ 'x-tapmark-speaker': 'canvas' }),
  text,
});

describe('over a real connection', () => {
  test('reads status, headers and body', async () => {
    const read = await get((answer) =>
      answer.writeHead(404, { 'x-tapmark-speaker': 'canvas', 'content-type': 'text/plain' }).end('grüß'),
    );
    expect(read).toMatchObject({
      facts: { status: 404, speaker: 'canvas' },
      contentType: 'text/plain',
      text: 'grüß',
    });
    expect(read.facts.roundTripMs).toBeGreaterThan(0);
    expect(read.facts.serverDateMs).toBeTypeOf('number');
  });

  test('does not follow a redirect', async () => {
    const read = await get((answer) => answer.writeHead(302, { location: '/login' }).end());
    expect(read.facts.status).toBe(302);
    expect(server?.arrived).toHaveLength(1);
  });

  test('a connection that breaks before the answer is a network error', async () => {
    const lost = get((answer) => answer.socket?.destroy());
    await expect(lost).rejects.toBeInstanceOf(NetworkError);
    await expect(lost).rejects.toMatchObject({ answer: undefined });
  });

  test('a body that is cut off is a network error which knows the status', async () => {
    const lost = get((answer) => {
      answer.writeHead(200, { 'content-length': '1000' });
      answer.write('{"results":[', () => answer.socket?.destroy());
    });
    await expect(lost).rejects.toBeInstanceOf(NetworkError);
    await expect(lost).rejects.toMatchObject({ answer: { status: 200 } });
  });

  test('a port where nobody listens is a network error', async () => {
    const gone = await startAnswering(() => undefined);
    await gone.close();
    const request = { method: 'GET', headers: {} } as const;
    const lost = exchange(
      { fetch: browserFetch, clock: patient },
      { url: gone.origin, request, timeoutMs: 1 },
    );
    await expect(lost).rejects.toBeInstanceOf(NetworkError);
  });

  test('an endless body is left after its limit and the connection closed', async () => {
    let closed: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (closed = resolve));
    const endless = get((answer) => {
      answer.on('close', () => closed());
      answer.writeHead(200);
      const chunk = Buffer.alloc(256 * 1024, ' ');
      const pour = () => {
        while (!answer.destroyed && answer.write(chunk));
      };
      answer.on('drain', pour);
      pour();
    });
    await expect(endless).rejects.toBeInstanceOf(WrongShapeError);
    await expect(endless).rejects.toMatchObject({ notJson: false, answer: { status: 200 } });
    await left;
  });

  test('a small body that unpacks to a huge one is left after its limit too', async () => {
    const bomb = gzipSync(Buffer.alloc(maxBodySize * 4, 'x'));
    const huge = get((answer) => answer.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    await expect(huge).rejects.toBeInstanceOf(WrongShapeError);
  });

  test('a body just within the limit is read', async () => {
    const read = await get((answer) => answer.end(Buffer.alloc(maxBodySize, 'x')));
    expect(read.text).toHaveLength(maxBodySize);
  });

  test('an answer that does not come in time is a time-out, and the request is aborted', async () => {
    let closed: () => void = () => undefined;
    const aborted = new Promise<void>((resolve) => (closed = resolve));
    let arrived: () => void = () => undefined;
    const there = new Promise<void>((resolve) => (arrived = resolve));
    const late = get(
      (answer) => {
        answer.on('close', () => closed());
        arrived();
      },
      { clock: { ...systemClock, sleep: () => there } },
    );
    await expect(late).rejects.toBeInstanceOf(TimeoutError);
    await aborted;
  });

  test('bytes that are no UTF-8 are still a text', async () => {
    const read = await get((answer) => answer.end(Buffer.from([0xff, 0xfe, 0x00, 0xc3])));
    expect(read.text).toContain('\ufffd');
  });
});

describe('with a fetch of our own', () => {
  const request = { method: 'POST', headers: {}, body: '{}' } as const;
  const send = (fetch: () => Promise<WireResponse>, clock: Clock, signal?: AbortSignal) =>
    exchange(
      { fetch, clock },
      { url: 'https://x/', request, timeoutMs: 75_000, ...(signal ? { signal } : {}) },
    );

  test('calls it once, before anything is awaited', () => {
    let calls = 0;
    void send(() => {
      calls += 1;
      return never;
    }, patient);
    expect(calls).toBe(1);
  });

  test('times out although the fetch ignores its signal, before and after the headers', async () => {
    await expect(send(() => never, hasty)).rejects.toBeInstanceOf(TimeoutError);
    const stuck = send(() => Promise.resolve(response(() => never)), {
      ...systemClock,
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
    });
    await expect(stuck).rejects.toBeInstanceOf(TimeoutError);
  });

  test('waits as long as it was told to', async () => {
    const slept: number[] = [];
    const clock = { ...hasty, sleep: (ms: number) => Promise.resolve(void slept.push(ms)) };
    await send(() => never, clock).catch(() => undefined);
    expect(slept).toEqual([75_000]);
  });

  test('gives up when the caller does, and leaves no timer behind', async () => {
    const caller = new AbortController();
    let timerEnded = false;
    const clock: Clock = {
      ...systemClock,
      sleep: (_, signal) =>
        new Promise((resolve) => {
          signal?.addEventListener('abort', () => {
            timerEnded = true;
            resolve();
          });
        }),
    };
    const sent = send(() => never, clock, caller.signal);
    caller.abort();
    await expect(sent).rejects.toBeInstanceOf(NetworkError);
    expect(timerEnded).toBe(true);

    await expect(send(() => never, patient, AbortSignal.abort())).rejects.toBeInstanceOf(NetworkError);
  });

  test.each([
    ['rejects', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['rejects with nothing', () => Promise.reject(undefined as unknown as Error)],
    [
      'throws',
      () => {
        throw new TypeError('bad header');
      },
    ],
  ])('is a network error when it %s', async (_, fetch) => {
    await expect(send(fetch, patient)).rejects.toBeInstanceOf(NetworkError);
  });

  test('refuses a body over the limit that the fetch did not cut', async () => {
    const huge = send(
      () => Promise.resolve(response(() => Promise.resolve('x'.repeat(maxBodySize + 1)))),
      patient,
    );
    await expect(huge).rejects.toBeInstanceOf(WrongShapeError);
  });

  test('judges an error page over the limit by its status alone', async () => {
    const huge = () => Promise.resolve('x'.repeat(maxBodySize + 1));
    const read = await send(() => Promise.resolve(response(huge, 503)), patient);
    expect(read).toMatchObject({ facts: { status: 503 }, text: '' });
  });

  test('keeps the gateway’s word when the body below it is cut off, and no other', async () => {
    const cut = () => Promise.reject(new TypeError('terminated'));
    const refusal: WireResponse = {
      status: 409,
      headers: new Headers({ 'x-tapmark-speaker': 'gateway', 'x-tapmark-outcome': 'not-sent' }),
      text: cut,
    };
    const read = await send(() => Promise.resolve(refusal), patient);
    expect(read.facts.gatewayOutcome).toBe('not-sent');
    await expect(send(() => Promise.resolve(response(cut, 400)), patient)).rejects.toBeInstanceOf(
      NetworkError,
    );
  });
});
