import { expect, test } from 'vitest';
import { serveMetrics } from './metrics-server.ts';

const page = () => Promise.resolve('tapmark_sessions 1\n');
const warnings: string[] = [];
const log = { warn: (event: string) => void warnings.push(event) };

test('serves the page, with the numbers of the process, and nothing else', async () => {
  const metrics = await serveMetrics({ host: '127.0.0.1', port: 0, asked: true }, page, log);
  const answer = await fetch(`${metrics.address}/metrics`);
  const text = await answer.text();
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(text).toMatch(/^tapmark_sessions 1$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect((await fetch(`${metrics.address}/`)).status).toBe(404);
  expect((await fetch(`${metrics.address}/metrics`, { method: 'POST' })).status).toBe(404);
  await metrics.close();
});

test('a taken port stops the server only if that port was asked for', async () => {
  const first = await serveMetrics({ host: '127.0.0.1', port: 0, asked: true }, page, log);
  const port = Number(new URL(first.address ?? '').port);
  await expect(serveMetrics({ host: '127.0.0.1', port, asked: true }, page, log)).rejects.toThrow(
    /EADDRINUSE/,
  );
  const done = await serveMetrics({ host: '127.0.0.1', port, asked: false }, page, log);
  expect(done.address).toBeUndefined();
  expect(warnings).toEqual(['metrics-port-taken']);
  expect((await serveMetrics(undefined, page, log)).address).toBeUndefined();
  await first.close();
});
