import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Generated, sql } from 'kysely';
import { type Database, DatabaseUrlError, openDatabase, sqliteUrl } from './database.ts';
import type { Migration } from './migrations.ts';

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

test('a failure for which SQLite has rolled back itself comes out as it is: a full disk', async () => {
  const database = await open();
  const write = database
    .tables<Tables>()
    .transaction()
    .execute(async (tx) => {
      await tx.insertInto('books').values({ title: 'Emil', pageCount: 1 }).execute();
      await sql`rollback`.execute(tx);
      throw new Error('database or disk is full');
    });
  await expect(write).rejects.toThrow('database or disk is full');
  expect(await database.tables<Tables>().selectFrom('books').selectAll().execute()).toEqual([]);
});

test('leaves everything in the one file when it is closed', async () => {
  const folder = newFolder();
  const url = sqliteUrl(folder);
  const first = await openDatabase({ url, migrations: [books] });
  await first.tables<Tables>().insertInto('books').values({ title: 'Emil', pageCount: 1 }).execute();
  await first.close();
  const file = url.slice('sqlite:'.length);
  expect(existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0).toBe(0);
  copyFileSync(file, join(folder, 'copy.db'));
  const copy = await open(`sqlite:${join(folder, 'copy.db')}`);
  expect(await copy.tables<Tables>().selectFrom('books').select('title').execute()).toEqual([
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

test('refuses a url it does not know without showing the password in it', async () => {
  const opening = openDatabase({ url: 'mysql://me:secret@host/db', migrations: [] });
  await expect(opening).rejects.toThrow(DatabaseUrlError);
  await expect(opening).rejects.not.toThrow(/secret/);
});

test('makes its folder, writes ahead, and commits to the disk', async () => {
  const database = await open(sqliteUrl(join(newFolder(), 'deep', 'folder')));
  const db = database.tables<Tables>();
  expect((await sql`pragma journal_mode`.execute(db)).rows).toEqual([{ journalMode: 'wal' }]);
  expect((await sql`pragma synchronous`.execute(db)).rows).toEqual([{ synchronous: 2 }]);
  expect((await sql`pragma foreign_keys`.execute(db)).rows).toEqual([{ foreignKeys: 1 }]);
});
