import { afterEach, expect, test } from 'vitest';
import { type Generated, type Kysely, sql } from 'kysely';
import { onEachDatabase } from '#testing/each-database.ts';
import { type Database, openDatabase } from './database.ts';
import { prepareDealtInsert, prepareInsert } from './json-rows.ts';
import type { Migration } from './migrations.ts';
import { prepare } from './prepare.ts';

interface Tables {
  steps: { id: Generated<string>; stairId: string; height: number };
}

const steps: Migration = {
  name: 'test-001-steps',
  up: ({ db, id }) =>
    db.schema
      .createTable('steps')
      .addColumn('id', id.keyType, id.dealt)
      .addColumn('stairId', 'bigint', (column) => column.notNull())
      .addColumn('height', 'integer', (column) => column.notNull())
      .execute(),
};

const opened: Database[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

const stepsBetween = prepare(
  (db: Kysely<Tables>, { low, high, stairId }: { low: number; high: number; stairId: string }) =>
    db
      .selectFrom('steps')
      .select(['stairId', 'height'])
      .where('height', '<=', high)
      .where('stairId', '=', stairId)
      .where('height', '>=', low)
      .where('height', '!=', 3)
      .orderBy('height'),
);

const insert = prepareDealtInsert<Tables>({
  table: 'steps',
  columns: { stair_id: 'bigint', height: 'integer' },
});

const putNotes = prepareInsert<Tables>({
  table: 'notes',
  columns: { id: 'bigint', text: 'text', weight: 'double precision' },
  onConflict: sql`(id) do update set text = excluded.text, weight = excluded.weight`,
});

onEachDatabase((newUrl) => {
  async function open(): Promise<Kysely<Tables>> {
    const database = await openDatabase({ url: await newUrl(), migrations: [steps] });
    opened.push(database);
    return database.tables<Tables>();
  }

  test('a prepared query takes its values anew each time, each in its place', async () => {
    const db = await open();
    const rows = Array.from({ length: 9 }, (_, n) => ['9007199254740993', n]);
    await insert(db, rows);
    const heights = async (on: Kysely<Tables>, low: number, high: number, stairId = '9007199254740993') =>
      (await stepsBetween(on, { low, high, stairId })).map(({ height }) => height);
    expect(await heights(db, 2, 5)).toEqual([2, 4, 5]);
    expect(await heights(db, 7, 9)).toEqual([7, 8]);
    expect(await heights(db, 0, 9, '9007199254740992')).toEqual([]);
    await db.transaction().execute(async (trx) => {
      await insert(trx, [['9007199254740993', 9]]);
      expect(await heights(trx, 8, 9)).toEqual([8, 9]);
    });
  });

  test('a prepared query asks the database it is given', async () => {
    const [one, other] = [await open(), await open()];
    await insert(one, [['1', 1]]);
    await insert(other, [['1', 2]]);
    const values = { low: 0, high: 9, stairId: '1' };
    expect(await stepsBetween(one, values)).toEqual([{ stairId: '1', height: 1 }]);
    expect(await stepsBetween(other, values)).toEqual([{ stairId: '1', height: 2 }]);
  });

  test('many rows are inserted in their order, and their ids are told in it', async () => {
    const db = await open();
    await insert(db, [['7', 1]]);
    const rows = Array.from({ length: 5000 }, (_, n) => [String(2n ** 62n + BigInt(n % 7)), n]);
    const ids = await insert(db, rows);
    const stored = await db
      .selectFrom('steps')
      .selectAll()
      .where('stairId', '!=', '7')
      .orderBy('id')
      .execute();
    expect(stored).toEqual(rows.map(([stairId, height], at) => ({ id: ids[at], stairId, height })));
    expect(await insert(db, [])).toEqual([]);
  });

  test('rows of texts, fractions and nothing are inserted, or take the place of others', async () => {
    const db = await open();
    await db.schema
      .createTable('notes')
      .addColumn('id', 'bigint', (column) => column.primaryKey())
      .addColumn('text', 'text')
      .addColumn('weight', 'double precision')
      .execute();
    const text = `"'\\ <b>& ё عَرَبِيّ 👩🏽‍🏫 e\u0301 [1,2] null`;
    await putNotes(db, [
      ['9007199254740993', text, 0.1],
      ['2', null, 3],
    ]);
    await putNotes(db, [
      ['2', 'two', null],
      ['3', '3', 1e-300],
    ]);
    await putNotes(db, []);
    const { rows } = await sql`select id, text, weight from notes order by id`.execute(db);
    expect(rows).toEqual([
      { id: '2', text: 'two', weight: null },
      { id: '3', text: '3', weight: 1e-300 },
      { id: '9007199254740993', text, weight: 0.1 },
    ]);
  });

  test('rows are inserted all or none', async () => {
    const db = await open();
    const rows = [1, Number.NaN, 2].map((height) => ['1', height]);
    await expect(insert(db, rows)).rejects.toThrow();
    expect(await db.selectFrom('steps').selectAll().execute()).toEqual([]);
  });
});
