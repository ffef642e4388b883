import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLog } from '#testing/server-logs/keep.ts';
import { createTestBrowser } from '#testing/test-browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
// Found from the repository, because the server below runs in a folder of its own.
const tsx = import.meta.resolve('tsx');

let folder: string;
let server: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tapmark-main-'));
  mkdirSync(join(folder, 'dist', 'app'), { recursive: true });
  writeFileSync(join(folder, 'dist', 'app', 'index.html'), '<!doctype html><title>Tapmark</title>');
});
afterEach(() => {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function start(env: Record<string, string> = {}) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['--import', tsx, main], {
    cwd: folder,
    env: { PATH, PORT: '0', TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'), ...env },
  });
  server = child;
  const log = openLog();
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => log(chunk.toString()));
  let out = '';
  let err = '';
  const said = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const address = /http:\/\/\S+/.exec(out)?.[0];
      if (address !== undefined) resolve(address);
    });
  });
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  const address = Promise.race([said, ended.then((end) => Promise.reject(new Error(end.err)))]);
  // Not every test asks for the address of a server that will not start.
  address.catch(() => undefined);
  return { child, address, ended };
}

test('prints one line with its address, serves app and school, and ends with 0 on SIGTERM', async () => {
  const { child, address, ended } = start({ PUBLIC_URL: '', METRICS_PORT: '0' });
  const browser = createTestBrowser(await address);
  expect((await browser.go('/healthz')).status).toBe(200);
  expect((await browser.go('/readyz')).status).toBe(200);
  // Metrics have a port of their own.
  expect((await browser.go('/metrics')).status).toBe(404);
  expect(await (await browser.go('/')).text()).toContain('<title>Tapmark</title>');
  expect(await (await browser.go('/tapmark/session')).json()).toMatchObject({
    signedIn: false,
    sample: true,
  });
  child.kill('SIGTERM');
  const { code, out, err } = await ended;
  const events = err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { level: string; event: string });
  expect([code, events.filter(({ level }) => level !== 'info')]).toEqual([0, []]);
  expect(events.map(({ event }) => event)).toEqual(['request', 'stopping']);
  expect(out).toMatch(/^[^\n]*http:\/\/127\.0\.0\.1:\d+[^\n]*\n$/);
  expect(readdirSync(join(folder, 'data'))).toContain('tapmark.db');
}, 30_000);

test('says which setting cannot be used, and ends with 1', async () => {
  const { ended } = start({ PORT: 'eighty', CANVAS_URL: 'https://canvas.example' });
  const { code, out, err } = await ended;
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^PORT must/m);
}, 30_000);

test('says that the port is taken, and ends with 1', async () => {
  const first = start();
  const { port } = new URL(await first.address);
  const { ended } = start({ PORT: port, DATA_DIR: join(folder, 'other') });
  const { code, err } = await ended;
  first.child.kill('SIGKILL');
  expect(code).toBe(1);
  expect(err).toMatch(/EADDRINUSE/);
}, 30_000);
