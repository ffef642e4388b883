import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { sqliteUrl } from '#server/database/database.ts';
import { hasPostgres, type PostgresServer, startPostgres } from './postgres-server.ts';

/** Runs the same tests on SQLite and on PostgreSQL. `newUrl` gives an empty database, gone after the tests. */
export function onEachDatabase(describeTests: (newUrl: () => Promise<string>) => void): void {
  describe('on SQLite', () => {
    const folders: string[] = [];
    afterAll(() => {
      for (const folder of folders) rmSync(folder, { recursive: true });
    });
    describeTests(() => {
      const folder = mkdtempSync(join(tmpdir(), 'tapmark-database-'));
      folders.push(folder);
      return Promise.resolve(sqliteUrl(folder));
    });
  });

  describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    describeTests(() => server.newDatabase());
  });
}
