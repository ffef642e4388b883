import { PostgresAdapter, type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';

/** Types of columns as PostgreSQL spells them; SQLite goes by the column. */
type ColumnType = 'bigint' | 'integer' | 'double precision' | 'text';

/** Numbers, texts, null; decimal strings for whole numbers that may exceed 2^53. */
type Value = string | number | null;

export interface NewRows {
  /** As the database spells it. */
  readonly table: string;
  /** Their names as the database spells them, in the order of each row's values. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly rows: readonly (readonly Value[])[];
}

/**
 * `insert into … select …`: one statement with one parameter however many rows there are. With a parameter a value, most
 * of the time would go into naming and binding them.
 */
export function insertOf(db: QueryExecutorProvider, { table, columns, rows }: NewRows): RawBuilder<unknown> {
  const names = Object.keys(columns).map((name) => sql.ref(name));
  const json = JSON.stringify(rows);
  const isPostgres = isPostgresDatabase(db);
  const values = Object.values(columns).map((type, at) =>
    isPostgres ? sql`(value->>${sql.lit(at)})::${sql.raw(type)}` : sql`value->>${sql.lit(at)}`,
  );
  const source = isPostgres ? sql`json_array_elements(${json}::json)` : sql`json_each(${json})`;
  // Without the condition SQLite would take an "on conflict" that follows for a part of a join.
  return sql`insert into ${sql.table(table)} (${sql.join(names)}) select ${sql.join(values)} from ${source} where true`;
}

/**
 * Inserts rows into a table that deals out its ids.
 * @returns the ids, rising, in the order of the rows
 */
export async function insertDealt(db: QueryExecutorProvider, rows: NewRows): Promise<string[]> {
  const count = rows.rows.length;
  if (count === 0) return [];
  if (isPostgresDatabase(db)) {
    const dealt = await sql<{ id: string }>`${insertOf(db, rows)} returning id`.execute(db);
    // Ids are dealt in the order of the rows, but no database promises to return them in it.
    const ids = dealt.rows.map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? -1 : 1));
    return ids.map(String);
  }
  const { insertId = 0n } = await insertOf(db, rows).execute(db);
  // Nobody else writes meanwhile, so that they follow each other without a gap.
  const before = insertId - BigInt(count);
  return Array.from({ length: count }, (_, at) => String(before + BigInt(at + 1)));
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
