import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createPictureFetch } from './picture-fetch.ts';
import { createPictureRequests, largestPicture, type PictureAnswer } from './picture-request.ts';
import { isPublicAddress } from './public-address.ts';
import { LateAnswerError } from './upstream.ts';

const png = Buffer.from('89504e470d0a1a0a', 'hex');
const canvasOrigin = 'https://canvas.test';

/** A world of hosts: what each name leads to, and what each address answers. */
function world(answers: Record<string, Partial<PictureAnswer>>, names: Record<string, string[]> = {}) {
  const asked: string[] = [];
  const { fetch } = createPictureFetch({
    canvasOrigin,
    userAgent: 'Tapmark',
    resolve: (host) =>
      Promise.resolve((names[host] ?? ['8.8.8.8']).map((address) => ({ address, family: 4 }))),
    request(url, addresses) {
      asked.push(`${url.href} at ${addresses.map(({ address }) => address).join(' ')}`);
      const given = answers[url.href];
      if (given === undefined) throw new Error('nobody there');
      return Promise.resolve({ status: 200, type: 'image/png', location: undefined, body: png, ...given });
    },
  });
  return { asked, fetch: (address: string) => fetch(new URL(address)) };
}

describe('where a picture is fetched from', () => {
  test('a public host over TLS, at the address that was looked at', async () => {
    const { fetch, asked } = world({ 'https://pictures.example/a.png': {} });
    expect(await fetch('https://pictures.example/a.png')).toEqual({
      kind: 'picture',
      type: 'image/png',
      body: png,
    });
    expect(asked).toEqual(['https://pictures.example/a.png at 8.8.8.8']);
  });

  test('Canvas itself, also where it stands inside the school', async () => {
    const { fetch } = world({ [`${canvasOrigin}/images/1`]: {} }, { 'canvas.test': ['10.1.2.3'] });
    expect(await fetch(`${canvasOrigin}/images/1`)).toMatchObject({ kind: 'picture' });
  });

  test.each([
    ['127.0.0.1'],
    ['127.9.9.9'],
    ['0.0.0.0'],
    ['10.0.0.1'],
    ['172.16.0.1'],
    ['172.31.255.255'],
    ['192.168.1.1'],
    ['169.254.169.254'],
    ['100.64.0.1'],
    ['224.0.0.1'],
    ['255.255.255.255'],
    ['::1'],
    ['::'],
    ['fe80::1'],
    ['fd00::1'],
    ['::ffff:10.0.0.1'],
    ['64:ff9b::a00:1'],
    ['2002:a00:1::'],
    ['2001:db8::1'],
  ])('never %s, whatever name leads there', async (address) => {
    expect(isPublicAddress(address)).toBe(false);
    const { fetch, asked } = world({}, { 'harmless.example': [address] });
    expect(await fetch('https://harmless.example/a.png')).toEqual({ kind: 'none', why: 'inside' });
    const mixed = world({}, { 'harmless.example': ['8.8.8.8', address] });
    expect(await mixed.fetch('https://harmless.example/a.png')).toEqual({ kind: 'none', why: 'inside' });
    expect([...asked, ...mixed.asked]).toEqual([]);
  });

  test.each([['8.8.8.8'], ['172.32.0.1'], ['192.167.1.1'], ['2606:4700::1111'], ['2a00:1450:4001::5e']])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([
    ['http://pictures.example/a.png'],
    ['https://pictures.example:8443/a.png'],
    ['https://somebody@pictures.example/a.png'],
    ['ftp://pictures.example/a.png'],
    ['file:///etc/passwd'],
    ['http://canvas.test/a.png'],
    ['https://canvas.test/images/messages/avatar-50.png'],
  ])('not %s', async (address) => {
    const { fetch, asked } = world({ [address]: {} });
    expect(await fetch(address)).toEqual({ kind: 'none', why: 'address' });
    expect(asked).toEqual([]);
  });

  test('an address in other clothes is looked at as what it is', async () => {
    const { fetch } = createPictureFetch({ canvasOrigin, userAgent: 'Tapmark' });
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost'])
      expect(await fetch(new URL(`https://${host}/a.png`))).toEqual({ kind: 'none', why: 'inside' });
  });
});

describe('a redirect', () => {
  const to = (location: string) => ({ status: 302, location, body: Buffer.alloc(0) });

  test('is followed to where a picture may be fetched from', async () => {
    const { fetch, asked } = world({
      [`${canvasOrigin}/images/thumbnails/1/x`]: to('https://files.example/1?token=y'),
      'https://files.example/1?token=y': to('/2'),
      'https://files.example/2': {},
    });
    expect(await fetch(`${canvasOrigin}/images/thumbnails/1/x`)).toMatchObject({ kind: 'picture' });
    expect(asked).toHaveLength(3);
  });

  test.each([
    ['http://pictures.example/a.png', 'address'],
    ['https://pictures.example:22/', 'address'],
    ['https://router.school/admin', 'inside'],
    ['gopher://x', 'address'],
    ['https://[', 'address'],
    [`${canvasOrigin}/images/dotted_pic.png`, 'address'],
  ])('to %s is not', async (location, why) => {
    const { fetch, asked } = world(
      { 'https://pictures.example/a.png': to(location) },
      { 'router.school': ['192.168.0.1'] },
    );
    expect(await fetch('https://pictures.example/a.png')).toEqual({ kind: 'none', why });
    expect(asked).toHaveLength(1);
  });

  test('in a circle comes to an end', async () => {
    const { fetch, asked } = world({ 'https://pictures.example/': to('/') });
    expect(await fetch('https://pictures.example/')).toEqual({ kind: 'none', why: 'redirects' });
    expect(asked).toHaveLength(4);
  });
});

test.each([
  ['image/svg+xml', 'type'],
  ['text/html', 'type'],
  ['image/x-icon', 'type'],
  ['', 'type'],
  ['image/pngx', 'type'],
])('%s is no picture', async (type, why) => {
  const { fetch } = world({ 'https://pictures.example/': { type } });
  expect(await fetch('https://pictures.example/')).toEqual({ kind: 'none', why });
});

test('an error is no picture, and neither is silence', async () => {
  const { fetch } = world({ 'https://pictures.example/': { status: 500 } });
  expect(await fetch('https://pictures.example/')).toEqual({ kind: 'none', why: 'status' });
  expect(await fetch('https://nobody.example/')).toEqual({ kind: 'none', why: 'no-answer' });
});

describe('over the network', () => {
  const cleanUp: (() => unknown)[] = [];
  afterEach(async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUp.push(() => {
      server.closeAllConnections();
      server.close();
      return once(server, 'close');
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function fetchFrom(origin: string) {
    const pictures = createPictureFetch({ canvasOrigin: origin, userAgent: 'Tapmark' });
    cleanUp.push(() => pictures.close());
    return pictures.fetch(new URL(`${origin}/a.png`));
  }

  test('says nothing of who asks: no cookie, no token, no referrer', async () => {
    let told: string[] = [];
    const origin = await serve((request, response) => {
      told = Object.keys(request.headers).sort();
      response.writeHead(200, { 'content-type': 'image/jpeg; charset=binary' }).end(png);
    });
    expect(await fetchFrom(origin)).toEqual({ kind: 'picture', type: 'image/jpeg', body: png });
    expect(told).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  });

  test('takes no more than it is ready to hold, also when the length is not said', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' });
      const more = () => {
        if (response.destroyed) return;
        response.write(Buffer.alloc(64 * 1024), () => setImmediate(more));
      };
      more();
    });
    expect(await fetchFrom(origin)).toEqual({ kind: 'none', why: 'too-large' });
    const whole = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.alloc(largestPicture));
    });
    expect(await fetchFrom(whole)).toMatchObject({ kind: 'picture' });
  });

  test('waits neither for an answer nor for its end without limit', async () => {
    const silent = await serve(() => undefined);
    const endless = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).write(png);
    });
    const requests = createPictureRequests({ userAgent: 'Tapmark', limitMs: 50 });
    cleanUp.push(() => requests.close());
    for (const origin of [silent, endless]) {
      const asking = requests.request(new URL(origin), [{ address: '127.0.0.1', family: 4 }]);
      await expect(asking).rejects.toBeInstanceOf(LateAnswerError);
    }
  });

  test('goes to the address that was looked at, not to where the name leads now', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(png);
    });
    const requests = createPictureRequests({ userAgent: 'Tapmark' });
    cleanUp.push(() => requests.close());
    const url = new URL(origin.replace('127.0.0.1', 'rebinding.invalid'));
    const answer = await requests.request(url, [{ address: '127.0.0.1', family: 4 }]);
    expect(answer.status).toBe(200);
  });
});
