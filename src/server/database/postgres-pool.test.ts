import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPostgres, type PostgresServer, startPostgres } from '#testing/postgres-server.ts';
import { openDatabase } from './database.ts';
import { holdLock } from './locks.ts';
import type { Migration } from './migrations.ts';

interface Tables {
  steps: { name: string; position: number };
}

const steps: Migration = {
  name: 'test-001-steps',
  up: ({ db }) =>
    db.schema
      .createTable('steps')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('position', 'integer', (column) => column.notNull())
      .execute(),
};

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test('a killed database fails what was under way, keeps what was committed, and is used again', async () => {
    const database = await openDatabase({ url: await server.newDatabase(), migrations: [steps] });
    const db = database.tables<Tables>();
    await db.insertInto('steps').values({ name: 'before', position: 1 }).execute();
    const underWay = db.transaction().execute(async (trx) => {
      await trx.insertInto('steps').values({ name: 'under way', position: 2 }).execute();
      // Dies while nobody asks it anything.
      await server.kill();
      await new Promise((resolve) => setTimeout(resolve, 50));
      await trx.insertInto('steps').values({ name: 'later', position: 3 }).execute();
    });
    await expect(underWay).rejects.toThrow();
    await server.start();
    expect(await db.selectFrom('steps').selectAll().execute()).toEqual([{ name: 'before', position: 1 }]);
    await database.close();
  });

  test('several programs that start at once migrate an empty database once', async () => {
    const url = await server.newDatabase();
    const opened = await Promise.all([0, 1, 2, 3].map(() => openDatabase({ url, migrations: [steps] })));
    for (const database of opened) {
      expect(await database.tables<Tables>().selectFrom('steps').selectAll().execute()).toEqual([]);
      await database.close();
    }
  });

  test('a lock lets one transaction at a time go on under its name, over all connections', async () => {
    const url = await server.newDatabase();
    const opened = await Promise.all([0, 1].map(() => openDatabase({ url, migrations: [steps] })));
    const [first] = opened;
    if (first === undefined) throw new Error('nothing is open');
    await first.tables<Tables>().insertInto('steps').values({ name: 'counter', position: 0 }).execute();
    const add = (database: typeof first) =>
      database
        .tables<Tables>()
        .transaction()
        .execute(async (trx) => {
          await holdLock(trx, 'counter');
          const { position } = await trx.selectFrom('steps').select('position').executeTakeFirstOrThrow();
          await new Promise((resolve) => setTimeout(resolve, 2));
          await trx
            .updateTable('steps')
            .set({ position: position + 1 })
            .execute();
        });
    await Promise.all(opened.flatMap((database) => Array.from({ length: 20 }, () => add(database))));
    expect((await first.tables<Tables>().selectFrom('steps').selectAll().execute())[0]?.position).toBe(40);
    for (const database of opened) await database.close();
  });

  test('commits to the disk, and reads what is committed', async () => {
    const database = await openDatabase({ url: await server.newDatabase(), migrations: [steps] });
    const db = database.tables<Tables>();
    expect((await sql`show transaction_isolation`.execute(db)).rows).toEqual([
      { transactionIsolation: 'read committed' },
    ]);
    expect((await sql`show synchronous_commit`.execute(db)).rows).toEqual([{ synchronousCommit: 'on' }]);
    await database.close();
  });
});
