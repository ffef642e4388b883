import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#lib/clock.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '#testing/postgres-server.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { gatewayMigrations } from './migrations.ts';
import type { GrantEnd, OAuthClient } from './oauth.ts';
import { createSessions } from './sessions.ts';
import { createStoredMemory } from './stored-memory.ts';
import { createVault } from './vault.ts';

/* Several servers at once on one PostgreSQL, each with connections of its own. SQLite is for one server. */

const opened: Database[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

async function openInstances(url: string, count = 4): Promise<Database[]> {
  const instances = await Promise.all(
    Array.from({ length: count }, () => openDatabase({ url, migrations: gatewayMigrations })),
  );
  opened.push(...instances);
  return instances;
}

describe.skipIf(!hasPostgres)('instances on one PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test('instances that start at the same moment agree on one name of their memory', async () => {
    const instances = await openInstances(await server.newDatabase());
    const names = await Promise.all(
      instances.map((database) => createStoredMemory(database, systemClock).name()),
    );
    expect(names[0]).not.toBe('');
    expect(new Set(names).size).toBe(1);
  });

  test('of several instances one renews a token, and all get what it got', async () => {
    const instances = await openInstances(await server.newDatabase());
    let refreshes = 0;
    const oauth: OAuthClient = {
      exchange: () => Promise.resolve({ kind: 'refused' }),
      async refresh() {
        refreshes += 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
        const tokens = { accessToken: `access-${String(refreshes + 1)}`, expiresInS: 3600 };
        return { kind: 'granted', tokens } satisfies GrantEnd;
      },
      revoke: () => Promise.resolve(),
    };
    const vault = createVault('a secret of at least thirty-two characters');
    const sessions = instances.map((database) =>
      createSessions({ database, vault, oauth, clock: systemClock }),
    );
    const user = { id: '23', name: 'Jimi Hendrix', locale: 'nl' };
    const cookie = await sessions[0]?.begin(user, {
      accessToken: 'access-1',
      refreshToken: 'refresh',
      expiresInS: 60,
    });
    const asking = [...sessions, ...sessions].map(async (one) => {
      const session = await one.find(cookie);
      if (session === undefined) throw new Error('the session is not there');
      return one.fresh(session, 'https://canvas.test');
    });
    for (const end of await Promise.all(asking)) {
      expect(end).toMatchObject({ kind: 'fresh', session: { accessToken: 'access-2' } });
    }
    expect(refreshes).toBe(1);
  });
});
