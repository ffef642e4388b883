import { expect, test } from 'vitest';
import { serveHttp } from './http-server.ts';

test('a stop answers what has begun, takes nothing new, and waits for no idle connection', async () => {
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const server = await serveHttp({
    host: '127.0.0.1',
    port: 0,
    async fetch(request) {
      if (new URL(request.url).pathname === '/slow') {
        arrive();
        await held;
      }
      return new Response('answered');
    },
  });
  expect(await (await fetch(`${server.address}/idle`)).text()).toBe('answered');
  const slow = fetch(`${server.address}/slow`);
  await arrived;
  const closed = server.close();
  await expect(fetch(`${server.address}/late`, { headers: { connection: 'close' } })).rejects.toThrow();
  letGo();
  expect(await (await slow).text()).toBe('answered');
  await closed;
});

test('says when a port cannot be had', async () => {
  const options = { host: '127.0.0.1', fetch: () => Promise.resolve(new Response()) };
  const server = await serveHttp({ ...options, port: 0 });
  const port = Number(new URL(server.address).port);
  await expect(serveHttp({ ...options, port })).rejects.toThrow(/EADDRINUSE/);
  await server.close();
});
