import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Generated, sql } from 'kysely';
import { type Database, DatabaseUrlError, openDatabase, sqliteUrl } from './database.ts';
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

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function open(url = 'sqlite::memory:', migrations = [books]): Promise<Database> {
  const database = await openDatabase({ url, migrations });
  cleanUp.push(() => database.close());
  return database;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tapmark-database-'));
  cleanUp.push(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

test('keeps ids beyond 2^53 to the last digit and gives counts as numbers', async () => {
  const db = (await open()).tables<Tables>();
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
  const db = (await open()).tables<Tables>();
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
  const db = (await open()).tables<Tables>();
  const insert = db.insertInto('books').values({ title: 'x', pageCount: parameter as number, shelfId: null });
  // Kysely leaves out undefined values, so that one fails on NOT NULL.
  await expect(insert.execute()).rejects.toThrow();
  expect(await db.selectFrom('books').selectAll().execute()).toEqual([]);
});

test('keeps concurrent transactions on one connection apart', async () => {
  const db = (await open()).tables<Tables>();
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
  const db = (await open()).tables<Tables>();
  const insert = db.insertInto('books').values({ title: 'Momo', pageCount: 1 });
  await insert.execute();
  await expect(insert.execute()).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_UNIQUE' });
  await db.insertInto('books').values({ title: 'Heidi', pageCount: 2 }).execute();
  expect(await db.selectFrom('books').select('title').orderBy('id').execute()).toEqual([
    { title: 'Momo' },
    { title: 'Heidi' },
  ]);
});

test('finds its rows again after it was closed, and migrates once', async () => {
  const url = sqliteUrl(join(newFolder(), 'deep', 'folder'));
  const first = await openDatabase({ url, migrations: [books] });
  await first.tables<Tables>().insertInto('books').values({ title: 'Emil', pageCount: 1 }).execute();
  await first.close();
  const again = await open(url);
  expect(await again.tables<Tables>().selectFrom('books').select('title').execute()).toEqual([
    { title: 'Emil' },
  ]);
});

test('waits for another process that writes, and loses no step between reading and writing', async () => {
  const url = sqliteUrl(newFolder());
  const db = (await open(url)).tables<Tables>();
  await db.insertInto('books').values({ title: 'counter', pageCount: 0 }).execute();
  const other = spawn(process.execPath, ['--input-type=commonjs', '-e', countingProcess, url.slice(7)], {
    cwd: process.cwd(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanUp.push(() => void other.kill());
  const ended = once(other, 'exit');
  await once(other.stdout, 'data');
  for (let n = 0; n < 100; n += 1) {
    await db.transaction().execute(async (trx) => {
      const { pageCount } = await trx.selectFrom('books').select('pageCount').executeTakeFirstOrThrow();
      await new Promise((resolve) => setTimeout(resolve, 1));
      await trx
        .updateTable('books')
        .set({ pageCount: pageCount + 1 })
        .execute();
    });
  }
  expect(await ended).toEqual([0, null]);
  expect(await db.selectFrom('books').select('pageCount').executeTakeFirst()).toEqual({ pageCount: 200 });
});

/** Says that it is there, and counts a hundred steps as a second server would. */
const countingProcess = `
  const Libsql = require('libsql');
  const db = new Libsql(process.argv[1]);
  db.exec('pragma busy_timeout = 10000');
  process.stdout.write('here');
  for (let n = 0; n < 100; n += 1) {
    db.exec('begin immediate');
    db.exec('update books set page_count = page_count + 1');
    db.exec('commit');
  }
`;

test('leaves nothing of a migration that fails, not even of those before it', async () => {
  const url = sqliteUrl(newFolder());
  const broken: Migration = { name: 'test-002-broken', up: () => Promise.reject(new Error('no')) };
  await expect(openDatabase({ url, migrations: [books, broken] })).rejects.toThrow('no');
  const database = await open(url);
  expect(await database.tables<Tables>().selectFrom('books').selectAll().execute()).toEqual([]);
});

test('refuses a database that a newer version has changed', async () => {
  const url = sqliteUrl(newFolder());
  const later: Migration = { name: 'test-002-later', up: () => Promise.resolve() };
  await (await openDatabase({ url, migrations: [books, later] })).close();
  await expect(openDatabase({ url, migrations: [books] })).rejects.toThrow(NewerDatabaseError);
});

test('refuses a url it does not know without showing the password in it', async () => {
  const opening = openDatabase({ url: 'mysql://me:secret@host/db', migrations: [] });
  await expect(opening).rejects.toThrow(DatabaseUrlError);
  await expect(opening).rejects.not.toThrow(/secret/);
});

test('writes ahead, and commits to the disk', async () => {
  const database = await open(sqliteUrl(newFolder()));
  const db = database.tables<Tables>();
  expect((await sql`pragma journal_mode`.execute(db)).rows).toEqual([{ journalMode: 'wal' }]);
  expect((await sql`pragma synchronous`.execute(db)).rows).toEqual([{ synchronous: 2 }]);
  expect((await sql`pragma foreign_keys`.execute(db)).rows).toEqual([{ foreignKeys: 1 }]);
});
