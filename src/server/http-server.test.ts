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

test('a stop under load loses nothing that was taken: who was heard is answered, who comes later is turned away', async () => {
  const server = await serveHttp({
    host: '127.0.0.1',
    port: 0,
    async fetch() {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return new Response('answered');
    },
  });
  let stopping: Promise<void> | undefined;
  let [answered, begun] = [0, 0];
  const worker = async () => {
    for (;;) {
      begun += 1;
      const text = await fetch(server.address).then(
        (answer) => answer.text(),
        // Refused or closed before a byte of an answer: only after the stop.
        () => (stopping === undefined ? 'lost' : undefined),
      );
      if (text === undefined) return;
      expect(text).toBe('answered');
      answered += 1;
      if (answered === 200) stopping = server.close();
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  await stopping;
  expect(answered).toBeGreaterThanOrEqual(200);
  expect(begun - answered).toBe(32);
});
