import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '#testing/manual-clock.ts';
import { openDatabase, type Database } from '../database/database.ts';
import { gatewayMigrations, type GatewayTables } from './migrations.ts';
import { createStoredMemory } from './stored-memory.ts';

let database: Database;
let clock: ManualClock;
beforeEach(async () => {
  database = await openDatabase({ url: 'sqlite::memory:', migrations: gatewayMigrations });
  clock = createManualClock();
});
afterEach(() => database.close());

/** A process starts: it knows nothing but what the database says. */
const start = () => createStoredMemory(database, clock);
const rows = () => database.tables<GatewayTables>().selectFrom('gatewayMemory').selectAll();
const isNamed = (name: string) => start().isNamed(database.tables<GatewayTables>(), name);

test('keeps its name while it is used, over a short restart, and on every instance', async () => {
  const first = start();
  const name = await first.name();
  expect(name).not.toBe('');
  for (let n = 0; n < 10; n += 1) {
    await clock.advance(20_000);
    expect(await first.name()).toBe(name);
  }
  await clock.advance(30_000);
  expect(await start().name()).toBe(name);
});

test('keeps its name while a process is idle, however long', async () => {
  const process = start();
  const name = await process.name();
  await clock.advance(8 * 3_600_000);
  expect(await process.name()).toBe(name);
});

test('takes a new name after a stop that may hide a restored backup', async () => {
  const name = await start().name();
  await clock.advance(61_000);
  const later = await start().name();
  expect(later).not.toBe(name);
  expect(await isNamed(name)).toBe(false);
  expect(await isNamed(later)).toBe(true);
});

test('takes a new name when the database is put back under a running process', async () => {
  const process = start();
  const name = await process.name();
  const backup = await rows().executeTakeFirstOrThrow();
  await clock.advance(120_000);
  await process.name();
  await database.tables<GatewayTables>().updateTable('gatewayMemory').set(backup).execute();
  await clock.advance(120_000);
  expect(await process.name()).not.toBe(name);
});

test('follows another instance that gave it a new name', async () => {
  const idle = start();
  const name = await idle.name();
  await clock.advance(61_000);
  const renamed = await start().name();
  expect(renamed).not.toBe(name);
  expect(await idle.name()).toBe(renamed);
});

test('gives out no stamp that the database does not know of', async () => {
  const process = start();
  for (let n = 0; n < 20; n += 1) {
    await process.name();
    const { stampedUntil } = await rows().executeTakeFirstOrThrow();
    expect(stampedUntil).toBeGreaterThan(clock.wallMs());
    await clock.advance(7_000);
  }
});
