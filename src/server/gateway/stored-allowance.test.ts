import { afterEach, expect, test } from 'vitest';
import { onEachDatabase } from '#testing/each-database.ts';
import { signIn, startGatewayServer } from '#testing/gateway-server.ts';
import { createManualClock } from '#testing/manual-clock.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { gatewayMigrations, type GatewayTables } from './migrations.ts';
import { createStoredAllowance } from './stored-allowance.ts';

const opened: Database[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});
async function open(url: string): Promise<Database> {
  const database = await openDatabase({ url, migrations: gatewayMigrations });
  opened.push(database);
  return database;
}

const two = { burst: 2, perMinute: 6 };

onEachDatabase((newUrl) => {
  test('an allowance is used up, and comes back with time', async () => {
    const clock = createManualClock();
    const { take } = createStoredAllowance(await open(await newUrl()), clock);
    expect([await take('a', two), await take('a', two), await take('a', two), await take('b', two)]).toEqual([
      0, 0, 10, 0,
    ]);
    await clock.advance(9_999);
    expect(await take('a', two)).toBe(1);
    await clock.advance(1);
    expect([await take('a', two), await take('a', two)]).toEqual([0, 10]);
    await clock.advance(60_000);
    expect([await take('a', two), await take('a', two), await take('a', two)]).toEqual([0, 0, 10]);
  });

  test('of many that ask at once, on two instances, as many get one as there are', async () => {
    const url = await newUrl();
    const clock = createManualClock();
    const first = await open(url);
    // SQLite is for one server, which may still be asked by many at once.
    const second = first.dialect === 'postgres' ? await open(url) : first;
    const instances = [first, second].map((database) => createStoredAllowance(database, clock));
    const rounds = Array.from({ length: 30 }, () => instances).flat();
    const waits = await Promise.all(rounds.map(({ take }) => take('a', { burst: 20, perMinute: 10 })));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(20);
  });

  test('a clock that is set back shuts nobody out', async () => {
    const clock = createManualClock();
    const { take } = createStoredAllowance(await open(await newUrl()), clock);
    clock.setWall(1_800_000_000_000);
    expect([await take('a', two), await take('a', two), await take('a', two)]).toEqual([0, 0, 10]);
    clock.setWall(1_800_000_000_000 - 3_600_000);
    expect([await take('a', two), await take('a', two), await take('a', two)]).toEqual([0, 0, 10]);
  });

  test('whoever has all of it again is forgotten', async () => {
    const clock = createManualClock();
    const database = await open(await newUrl());
    const allowance = createStoredAllowance(database, clock);
    await allowance.take('a', two);
    await allowance.cleanUp();
    const rows = () => database.tables<GatewayTables>().selectFrom('gatewayAllowances').selectAll().execute();
    expect(await rows()).toHaveLength(1);
    await clock.advance(10_001);
    await allowance.cleanUp();
    expect(await rows()).toEqual([]);
  });
});

test('a browser that has used up its sign-ins on one instance has used them up on the other', async () => {
  const database = await open('sqlite::memory:');
  const instances = await Promise.all([startGatewayServer({ database }), startGatewayServer({ database })]);
  const [one, other] = instances.map((instance) => instance.browser());
  if (one === undefined || other === undefined) throw new Error('no browsers');
  await signIn(one);
  for (const [name, value] of one.cookies) other.cookies.set(name, value);
  for (let n = 0; n < 20; n += 1) {
    await one.go('/tapmark/sign-in');
    for (const [name, value] of one.cookies) other.cookies.set(name, value);
  }
  const refused = await other.go('/tapmark/sign-in');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const rows = await database.tables<GatewayTables>().selectFrom('gatewayAllowances').select('key').execute();
  // Neither addresses nor cookies are in the database.
  for (const { key } of rows) expect(key).toMatch(/^[\w-]{43}$/);
  for (const instance of instances) await instance.close();
});
