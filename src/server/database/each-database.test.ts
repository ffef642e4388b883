import { afterEach, expect, test } from 'vitest';
import type { Generated } from 'kysely';
import { onEachDatabase } from '#testing/each-database.ts';
import { type Database, openDatabase } from './database.ts';
import { type Migration, NewerDatabaseError } from './migrations.ts';

interface Tables {
  books: { id: Generated<string>; shelfId: string | null; title: string; pageCount: number };
}

const books: Migration = {
  name: 'test-001-books',
  up: ({ db, id }) =>
    db.schema
      .createTable('books')
      .addColumn('id', id.keyType, id.dealt)
      .addColumn('shelfId', 'bigint')
      .addColumn('title', 'text', (column) => column.notNull().unique())
      .addColumn('pageCount', 'integer', (column) => column.notNull())
      .execute(),
};

const opened: Database[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

async function open(url: string, migrations = [books]): Promise<Database> {
  const database = await openDatabase({ url, migrations });
  opened.push(database);
  return database;
}

onEachDatabase((newUrl) => {
  test('keeps ids beyond 2^53 to the last digit and gives counts as numbers', async () => {
    const db = (await open(await newUrl())).tables<Tables>();
    await db
      .insertInto('books')
      .values({ shelfId: '9007199254740993', title: 'Emil', pageCount: 160 })
      .execute();
    const row = await db
      .selectFrom('books')
      .selectAll()
      .where('shelfId', '=', '9007199254740993')
      .executeTakeFirst();
    expect(row).toEqual({ id: '1', shelfId: '9007199254740993', title: 'Emil', pageCount: 160 });
  });

  test('keeps every character of a text', async () => {
    const db = (await open(await newUrl())).tables<Tables>();
    const title = `"'\\ <b>& ё عَرَبِيّ 👩🏽‍🏫 e\u0301`;
    await db.insertInto('books').values({ title, pageCount: 1 }).execute();
    expect(await db.selectFrom('books').select('title').executeTakeFirst()).toEqual({ title });
  });

  test.each([
    ['a boolean', true],
    ['a number that is not finite', Number.NaN],
    ['a text with a NUL', 'a\0b'],
    ['an object', {}],
    ['nothing', undefined],
  ])('refuses %s as a parameter and stays usable', async (_name, parameter) => {
    const db = (await open(await newUrl())).tables<Tables>();
    const insert = db
      .insertInto('books')
      .values({ title: 'x', pageCount: parameter as number, shelfId: null });
    // Kysely leaves out undefined values, so that one fails on NOT NULL.
    await expect(insert.execute()).rejects.toThrow();
    expect(await db.selectFrom('books').selectAll().execute()).toEqual([]);
  });

  test('keeps concurrent transactions on one connection apart', async () => {
    const db = (await open(await newUrl())).tables<Tables>();
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        db.transaction().execute(async (trx) => {
          await trx
            .insertInto('books')
            .values({ title: `book ${String(n)}`, pageCount: n })
            .execute();
          await Promise.resolve();
          await new Promise((resolve) => setImmediate(resolve));
          if (n % 2 === 1) throw new Error('changed its mind');
          await trx.updateTable('books').set({ shelfId: '1' }).where('pageCount', '=', n).execute();
        }),
      ),
    );
    expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(10);
    const rows = await db.selectFrom('books').selectAll().orderBy('pageCount').execute();
    expect(rows.map((row) => row.pageCount)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(rows.every((row) => row.shelfId === '1')).toBe(true);
  });

  test('goes on after a failed statement', async () => {
    const db = (await open(await newUrl())).tables<Tables>();
    const insert = db.insertInto('books').values({ title: 'Momo', pageCount: 1 });
    await insert.execute();
    await expect(insert.execute()).rejects.toThrow(/unique/i);
    await db.insertInto('books').values({ title: 'Heidi', pageCount: 2 }).execute();
    expect(await db.selectFrom('books').select('title').orderBy('id').execute()).toEqual([
      { title: 'Momo' },
      { title: 'Heidi' },
    ]);
  });

  test('finds its rows again after it was closed, and migrates once', async () => {
    const url = await newUrl();
    const first = await openDatabase({ url, migrations: [books] });
    await first.tables<Tables>().insertInto('books').values({ title: 'Emil', pageCount: 1 }).execute();
    await first.close();
    const again = await open(url);
    expect(await again.tables<Tables>().selectFrom('books').select('title').execute()).toEqual([
      { title: 'Emil' },
    ]);
  });

  test('leaves nothing of a migration that fails, not even of those before it', async () => {
    const url = await newUrl();
    const broken: Migration = { name: 'test-002-broken', up: () => Promise.reject(new Error('no')) };
    await expect(openDatabase({ url, migrations: [books, broken] })).rejects.toThrow('no');
    const database = await open(url);
    expect(await database.tables<Tables>().selectFrom('books').selectAll().execute()).toEqual([]);
  });

  test('refuses a database that a newer version has changed', async () => {
    const url = await newUrl();
    const later: Migration = { name: 'test-002-later', up: () => Promise.resolve() };
    await (await openDatabase({ url, migrations: [books, later] })).close();
    await expect(openDatabase({ url, migrations: [books] })).rejects.toThrow(NewerDatabaseError);
  });
});
