import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStaticFiles } from './static-files.ts';

const script = `console.log(${JSON.stringify('x'.repeat(5_000))})`;
let folder: string;
let serve: (request: Request) => Promise<Response>;

beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), 'tapmark-files-'));
  folder = join(root, 'app');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  mkdirSync(join(folder, '.vite'));
  writeFileSync(join(root, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Tapmark</title>');
  writeFileSync(join(folder, 'sw.js'), script);
  writeFileSync(join(folder, 'manifest.webmanifest'), '{}');
  writeFileSync(join(folder, 'icon.png'), Buffer.alloc(2_000));
  writeFileSync(join(folder, 'assets', 'main-Dk3.js'), script);
  writeFileSync(join(folder, 'built.js'), script);
  writeFileSync(join(folder, 'built.js.br'), brotliCompressSync('as the build compressed it'));
  writeFileSync(join(folder, '.vite', 'manifest.json'), '{}');
  serve = createStaticFiles(folder);
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  serve(new Request(`http://own.test${path}`, { headers, method }));

test.each([
  ['/', 'text/html; charset=utf-8', 'no-cache'],
  ['/sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
  ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8', 'no-cache'],
  ['/icon.png', 'image/png', 'no-cache'],
  ['/assets/main-Dk3.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
])('serves %s as %s, %s', async (path, type, caching) => {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe(type);
  expect(answer.headers.get('cache-control')).toBe(caching);
});

test('gives the page for the app’s own routes, and for nothing else', async () => {
  const navigation = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  for (const path of ['/outbox', '/courses/7', '/courses/7/2026-11-23%2Coutcome_52', '/a.b']) {
    const answer = await get(path, navigation);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<title>Tapmark</title>');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  }
  expect((await get('/assets/old-chunk.js', navigation)).status).toBe(404);
  expect((await get('/nothing.js')).status).toBe(404);
  expect((await get('/outbox', {}, 'POST')).status).toBe(404);
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/../../secret.txt',
  '/.vite/manifest.json',
  '/%00',
])('nothing leads out of the folder: %s', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test('compresses text as the browser likes it, and not what is packed already', async () => {
  const packed = await get('/sw.js', { 'accept-encoding': 'gzip, deflate, br, zstd' });
  expect(packed.headers.get('content-encoding')).toBe('br');
  expect(packed.headers.get('vary')).toBe('accept-encoding');
  expect(brotliDecompressSync(await packed.arrayBuffer()).toString()).toBe(script);
  const gzip = await get('/sw.js', { 'accept-encoding': 'gzip;q=1.0, br;q=0' });
  expect(gunzipSync(await gzip.arrayBuffer()).toString()).toBe(script);
  expect((await get('/icon.png', { 'accept-encoding': 'br' })).headers.has('content-encoding')).toBe(false);
  expect(await (await get('/sw.js')).text()).toBe(script);
});

test('says that nothing has changed', async () => {
  const headers = { 'accept-encoding': 'br' };
  const etag = (await get('/sw.js', headers)).headers.get('etag') ?? '';
  const again = await get('/sw.js', { ...headers, 'if-none-match': `"other", W/${etag}` });
  expect([again.status, again.headers.get('etag')]).toEqual([304, etag]);
  expect((await get('/sw.js', { 'if-none-match': etag })).status).toBe(200);
});

test('answers HEAD without a body', async () => {
  const answer = await get('/', {}, 'HEAD');
  expect([answer.status, await answer.text()]).toEqual([200, '']);
});

test('refuses a folder without an app', () => {
  expect(() => createStaticFiles(join(folder, 'assets'))).toThrow(/npm run build/);
});

test('sends what the build compressed, to those who take it, and not under a name of its own', async () => {
  const brotli = await get('/built.js', { 'accept-encoding': 'gzip, br' });
  expect(brotli.headers.get('content-encoding')).toBe('br');
  expect(brotli.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const sent = brotliDecompressSync(Buffer.from(await brotli.arrayBuffer()));
  expect(sent.toString()).toBe('as the build compressed it');
  expect(await (await get('/built.js')).text()).toBe(script);
  expect((await get('/built.js.br')).status).toBe(404);
});
