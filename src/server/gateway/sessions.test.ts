import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '#testing/manual-clock.ts';
import { openDatabase, type Database } from '../database/database.ts';
import { gatewayMigrations, type GatewayTables } from './migrations.ts';
import type { GrantEnd, OAuthClient } from './oauth.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createVault } from './vault.ts';

const day = 24 * 3_600_000;
const user = { id: '23', name: 'Jimi Hendrix', locale: 'nl' };
const tokens = { accessToken: 'access-1', refreshToken: 'refresh', expiresInS: 3600 };
const origin = 'https://canvas.test';

let database: Database;
let clock: ManualClock;
let refreshes: string[];
let onRefresh: () => Promise<GrantEnd>;
let sessions: Sessions;
let replays: number;

const oauth: OAuthClient = {
  exchange: () => Promise.resolve({ kind: 'refused' }),
  refresh(refreshToken) {
    refreshes.push(refreshToken);
    return onRefresh();
  },
  revoke: () => Promise.resolve(),
};

function open(secret = 'a secret of at least thirty-two characters'): Sessions {
  return createSessions({
    database,
    vault: createVault(secret),
    oauth,
    clock,
    replayed: () => (replays += 1),
  });
}

beforeEach(async () => {
  database = await openDatabase({ url: 'sqlite::memory:', migrations: gatewayMigrations });
  clock = createManualClock();
  refreshes = [];
  replays = 0;
  onRefresh = () =>
    Promise.resolve({ kind: 'granted', tokens: { accessToken: 'access-2', expiresInS: 3600 } });
  sessions = open();
});
afterEach(() => database.close());

async function begin() {
  const cookie = await sessions.begin(user, tokens);
  const session = await sessions.find(cookie);
  if (session === undefined) throw new Error('the session is not there');
  return { cookie, session };
}

test('finds a session by its cookie, on any instance with the same secret', async () => {
  const { cookie, session } = await begin();
  expect(session).toMatchObject({ user, accessToken: 'access-1' });
  expect(await open().find(cookie)).toEqual(session);
  expect(await open('another secret of thirty-two characters').find(cookie)).toBeUndefined();
  expect(await sessions.find(session.id)).toBeUndefined();
});

test('a week without network does not end a session; a month without use does', async () => {
  const { cookie } = await begin();
  await clock.advance(8 * day);
  expect(await sessions.find(cookie)).toBeDefined();
  await clock.advance(29 * day);
  expect(await sessions.find(cookie)).toBeDefined();
  await clock.advance(31 * day);
  expect(await sessions.find(cookie)).toBeUndefined();
});

test('however much it is used, a session ends after half a year', async () => {
  const { cookie } = await begin();
  for (let n = 0; n < 9; n += 1) {
    await clock.advance(20 * day);
    expect(await sessions.find(cookie)).toBeDefined();
  }
  await clock.advance(1);
  expect(await sessions.find(cookie)).toBeUndefined();
  await sessions.cleanUp();
  expect(await database.tables<GatewayTables>().selectFrom('gatewaySessions').selectAll().execute()).toEqual(
    [],
  );
});

test('renews a token two minutes before it expires, and keeps the refresh token that is not sent again', async () => {
  const { cookie, session } = await begin();
  await clock.advance(3600_000 - 120_000);
  expect(await sessions.fresh(session, origin)).toEqual({ kind: 'fresh', session });
  await clock.advance(1);
  const renewed = await sessions.fresh(session, origin);
  expect(renewed).toMatchObject({
    kind: 'fresh',
    session: { accessToken: 'access-2', refreshToken: 'refresh' },
  });
  expect(await sessions.find(cookie)).toMatchObject({ accessToken: 'access-2', tokenVersion: 2 });
  await clock.advance(3600_000);
  await sessions.fresh(session, origin);
  expect(refreshes).toEqual(['refresh', 'refresh']);
});

test('takes a refresh token that Canvas exchanges', async () => {
  onRefresh = () =>
    Promise.resolve({
      kind: 'granted',
      tokens: { accessToken: 'b', refreshToken: 'rotated', expiresInS: 60 },
    });
  const { session } = await begin();
  expect(await sessions.fresh(await sessions.distrust(session), origin)).toMatchObject({
    session: { refreshToken: 'rotated' },
  });
});

test('goes on with a token that is still good when Canvas cannot renew it just now', async () => {
  onRefresh = () => Promise.resolve({ kind: 'failed', connected: false });
  const { session } = await begin();
  await clock.advance(3600_000 - 60_000);
  expect(await sessions.fresh(session, origin)).toEqual({ kind: 'fresh', session });
  await clock.advance(60_000);
  expect(await sessions.fresh(session, origin)).toEqual({ kind: 'unreachable' });
});

test('one renews while the others wait and get what it got', async () => {
  let grant: (end: GrantEnd) => void = () => undefined;
  onRefresh = () => new Promise((resolve) => (grant = resolve));
  const { session } = await begin();
  const stale = await sessions.distrust(session);
  const asking = [sessions, open(), open()].map((instance) => instance.fresh(stale, origin));
  await clock.advance(1_000);
  grant({ kind: 'granted', tokens: { accessToken: 'access-2', expiresInS: 3600 } });
  await clock.advance(1_000);
  for (const end of await Promise.all(asking))
    expect(end).toMatchObject({ session: { accessToken: 'access-2' } });
  expect(refreshes).toHaveLength(1);
});

test('when the one that renews has crashed, another takes over', async () => {
  const { session } = await begin();
  const stale = await sessions.distrust(session);
  onRefresh = () => new Promise(() => undefined);
  void sessions.fresh(stale, origin);
  await clock.advance(0);
  onRefresh = () =>
    Promise.resolve({ kind: 'granted', tokens: { accessToken: 'access-2', expiresInS: 3600 } });
  const other = open().fresh(stale, origin);
  await clock.advance(31_000);
  expect(await other).toMatchObject({ kind: 'fresh', session: { accessToken: 'access-2' } });
  expect(refreshes).toHaveLength(2);
});

test('a session that cannot be renewed ends for everybody who waits', async () => {
  let refuse: (end: GrantEnd) => void = () => undefined;
  onRefresh = () => new Promise((resolve) => (refuse = resolve));
  const { cookie, session } = await begin();
  const stale = await sessions.distrust(session);
  const asking = [sessions, open()].map((instance) => instance.fresh(stale, origin));
  await clock.advance(100);
  refuse({ kind: 'refused' });
  await clock.advance(1_000);
  expect(await Promise.all(asking)).toEqual([{ kind: 'ended' }, { kind: 'ended' }]);
  expect(await sessions.find(cookie)).toBeUndefined();
});

test('distrusting an old token leaves a renewed one alone', async () => {
  const { cookie, session } = await begin();
  await sessions.fresh(await sessions.distrust(session), origin);
  await sessions.distrust(session);
  const found = await sessions.find(cookie);
  expect(found?.accessToken).toBe('access-2');
  if (found !== undefined) await sessions.fresh(found, origin);
  expect(refreshes).toHaveLength(1);
});

test('gives the cookie a new value each day, and both work while the new one is on its way', async () => {
  const { cookie } = await begin();
  await clock.advance(day);
  expect(await sessions.renewCookie(cookie)).toBeUndefined();
  await clock.advance(1);
  const next = await sessions.renewCookie(cookie);
  expect(next).toMatch(/^[\w-]{43}$/);
  expect(await sessions.find(cookie)).toBeDefined();
  // Other tabs asked at the same moment: one of them gets it, the others go on.
  expect(await sessions.renewCookie(cookie)).toBeUndefined();
  expect(await open().find(next)).toMatchObject({ user });
  await clock.advance(5 * 60_000);
  expect(await sessions.find(cookie)).toBeDefined();
});

test('a new value that never arrived is replaced by another', async () => {
  const { cookie } = await begin();
  await clock.advance(day + 1);
  const lost = await sessions.renewCookie(cookie);
  await clock.advance(30 * 3600_000);
  const next = await sessions.renewCookie(cookie);
  expect(next).toBeDefined();
  expect(await sessions.find(next)).toBeDefined();
  expect(await sessions.find(lost)).toBeUndefined();
});

test('an old value that comes back after the new one was in use ends the session for whoever has either', async () => {
  const { cookie } = await begin();
  await clock.advance(day + 1);
  const next = await sessions.renewCookie(cookie);
  await sessions.find(next);
  await clock.advance(5 * 60_000 + 1);
  expect(await sessions.find(cookie)).toBeUndefined();
  expect(await sessions.find(next)).toBeUndefined();
  expect(replays).toBe(1);
});

test('of several instances that would change the value at once, one does', async () => {
  const { cookie } = await begin();
  await clock.advance(day + 1);
  const given = await Promise.all([sessions, open(), open()].map((instance) => instance.renewCookie(cookie)));
  expect(given.filter((value) => value !== undefined)).toHaveLength(1);
});

test('lists where a person is signed in, and nobody else', async () => {
  await sessions.begin({ ...user, id: '99' }, tokens, 'Windows, Edge');
  const { cookie } = await begin();
  await clock.advance(day);
  await sessions.begin(user, tokens, 'iPad, Safari');
  const devices = await sessions.devicesOf('23');
  expect(devices.map(({ name }) => name)).toEqual(['iPad, Safari', '']);
  await sessions.end(devices[1]?.id ?? '');
  expect(await sessions.find(cookie)).toBeUndefined();
  expect(await sessions.count()).toBe(2);
});
