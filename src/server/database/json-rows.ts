import { type Kysely, PostgresAdapter, type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import { prepareStatement } from './prepare.ts';

/** Types of columns as PostgreSQL spells them; SQLite goes by the column. */
type ColumnType = 'bigint' | 'integer' | 'double precision' | 'text';

/** Numbers, texts, null; decimal strings for whole numbers that may exceed 2^53. In the order of the columns. */
type NewRow = readonly (string | number | null)[];

interface Target {
  /** As the database spells it. */
  readonly table: string;
  /** Their names as the database spells them, in the order of each row's values. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** What follows "on conflict", if rows may be there already. */
  readonly onConflict?: RawBuilder<unknown>;
}

/**
 * `insert into … select …`: one statement with one parameter however many rows there are, built once. With a parameter a
 * value, most of the time would go into naming and binding them.
 */
export function prepareInsert<Tables>(
  target: Target,
): (db: Kysely<Tables>, rows: readonly NewRow[]) => Promise<void> {
  const insert = insertInto<Tables>(target);
  return async (db, rows) => {
    if (rows.length > 0) await insert(db, { json: JSON.stringify(rows) });
  };
}

/**
 * The same for a table that deals out its ids.
 * @returns inserts rows and tells their ids, rising, in the order of the rows
 */
export function prepareDealtInsert<Tables>(
  target: Target,
): (db: Kysely<Tables>, rows: readonly NewRow[]) => Promise<string[]> {
  const insert = insertInto<Tables>(target, 'id');
  return async (db, rows) => {
    const count = rows.length;
    if (count === 0) return [];
    const { insertId, rows: dealt } = await insert(db, { json: JSON.stringify(rows) });
    if (insertId === undefined) {
      // Ids are dealt in the order of the rows, but no database promises to return them in it.
      const ids = dealt.map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? -1 : 1));
      return ids.map(String);
    }
    // Nobody else writes meanwhile, so that they follow each other without a gap.
    const before = insertId - BigInt(count);
    return Array.from({ length: count }, (_, at) => String(before + BigInt(at + 1)));
  };
}

/** @param returning a column to be told by PostgreSQL; SQLite tells the last id anyway */
function insertInto<Tables>({ table, columns, onConflict }: Target, returning?: string) {
  return prepareStatement((db: Kysely<Tables>, { json }: { readonly json: string }) => {
    const isPostgres = isPostgresDatabase(db);
    const names = Object.keys(columns).map((name) => sql.ref(name));
    const values = Object.values(columns).map((type, at) =>
      isPostgres ? sql`(value->>${sql.lit(at)})::${sql.raw(type)}` : sql`value->>${sql.lit(at)}`,
    );
    const source = isPostgres ? sql`json_array_elements(${json}::json)` : sql`json_each(${json})`;
    const conflict = onConflict === undefined ? sql`` : sql`on conflict ${onConflict}`;
    const told = isPostgres && returning !== undefined ? sql`returning ${sql.ref(returning)}` : sql``;
    // Without the condition SQLite would take an "on conflict" that follows for a part of a join.
    const insert = sql<{ id: string }>`insert into ${sql.table(table)} (${sql.join(names)})
      select ${sql.join(values)} from ${source} where true ${conflict} ${told}`;
    return { compile: () => insert.compile(db) };
  });
}

/**
 * A list of ids as one parameter, for `in`: the query is the same however many there are.
 * @param json an array of decimal strings
 */
export function idsFrom(db: QueryExecutorProvider, json: string): RawBuilder<string> {
  return isPostgresDatabase(db)
    ? sql`(select value::bigint from json_array_elements_text(${json}::json))`
    : sql`(select cast(value as integer) from json_each(${json}))`;
}

function isPostgresDatabase(db: QueryExecutorProvider): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
