import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '#lib/clock.ts';
import { attemptRepositorySuite } from '#testing/attempt-repository-suite.ts';
import { onEachDatabase } from '#testing/each-database.ts';
import { openDatabase } from '../database/database.ts';
import { gatewayMigrations, type GatewayTables } from './migrations.ts';
import { createStoredAttempts } from './stored-attempts.ts';

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function open(url: string) {
  const database = await openDatabase({ url, migrations: gatewayMigrations });
  cleanUp.push(() => database.close());
  return database;
}

onEachDatabase((newUrl) => {
  attemptRepositorySuite(async () => {
    const url = await newUrl();
    return [
      createStoredAttempts(await open(url), systemClock),
      createStoredAttempts(await open(url), systemClock),
    ];
  });

  test('remembers over a restart', async () => {
    const url = await newUrl();
    const first = await openDatabase({ url, migrations: gatewayMigrations });
    const attempts = createStoredAttempts(first, systemClock);
    const memory = await attempts.memory();
    const bar = { id: 'a', account: '23', memory, reason: 'barred', atMs: 1 } as const;
    await attempts.barIfAbsent(bar);
    await first.close();
    const again = createStoredAttempts(await open(url), systemClock);
    expect(await again.memory()).toBe(memory);
    expect(await again.barIfAbsent(bar)).toMatchObject({ kind: 'known' });
  });

  test('another database is another memory', async () => {
    const [one, other] = [
      createStoredAttempts(await open(await newUrl()), systemClock),
      createStoredAttempts(await open(await newUrl()), systemClock),
    ];
    expect(await one.memory()).not.toBe(await other.memory());
  });

  test('takes a record it cannot read for unknown', async () => {
    const database = await open(await newUrl());
    const attempts = createStoredAttempts(database, systemClock);
    const memory = await attempts.memory();
    const sender = { account: '23', installation: 'tablet', epoch: 1 };
    await attempts.begin({ ...sender, id: 'a', fingerprint: 'x', memory, atMs: 1 });
    await attempts.end('a', { kind: 'answered', answer: { status: 200, headers: [], body: '{}' } });
    await database
      .tables<GatewayTables>()
      .updateTable('gatewayAttempts')
      .set({ headers: '{"not":"a list"}' })
      .execute();
    expect((await attempts.find('a'))?.state).toEqual({ kind: 'unknown' });
  });

  test('three processes on one database: of every id exactly one step of one process wins', async () => {
    const url = await newUrl();
    const count = 120;
    // The first makes the tables, so that the others meet at the ids.
    await open(url);
    const racers = [0, 1, 2].map((seed) => startRacer(url, count, seed));
    await Promise.all(racers.map(({ ready }) => ready));
    for (const { go } of racers) go();
    const won = await Promise.all(racers.map(({ won }) => won));
    const ids = won.flatMap(({ begun, barred }) => [...begun, ...barred]);
    expect(ids).toHaveLength(count);
    expect(new Set(ids).size).toBe(count);
  }, 90_000);
});

function startRacer(url: string, count: number, seed: number) {
  const script = fileURLToPath(new URL('../../testing/racing-instance.ts', import.meta.url));
  const words = ['--import', 'tsx', script, url, String(count), String(seed)];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.startsWith('ready')) resolve();
    });
  });
  const won = once(child, 'close').then(
    () => JSON.parse(said.replace('ready\n', '')) as { begun: string[]; barred: string[] },
  );
  return { ready, go: () => child.stdin.end('go'), won };
}
