import { PostgresAdapter, type QueryExecutorProvider, sql } from 'kysely';

/**
 * Inserts rows of whole numbers into a table that deals out its ids. One statement with one parameter however many
 * rows there are: with a parameter a value, most of the time would go into naming and binding them.
 * @param table and columns as the database spells them
 * @param rows numbers, or decimal strings for what may exceed 2^53
 * @returns the ids, rising, in the order of the rows
 */
export async function insertIntegers(
  trx: QueryExecutorProvider,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Promise<string[]> {
  if (rows.length === 0) return [];
  const into = sql`insert into ${sql.table(table)} (${sql.join(columns.map((name) => sql.ref(name)))})`;
  const json = JSON.stringify(rows);
  if (trx.getExecutor().adapter instanceof PostgresAdapter) {
    const values = columns.map((_, at) => sql`(value->>${sql.lit(at)})::bigint`);
    const dealt = await sql<{ id: string }>`${into}
      select ${sql.join(values)} from json_array_elements(${json}::json) returning id`.execute(trx);
    // Ids are dealt in the order of the rows, but no database promises to return them in it.
    const ids = dealt.rows.map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? -1 : 1));
    return ids.map(String);
  }
  const values = columns.map((_, at) => sql`value->>${sql.lit(at)}`);
  const { insertId = 0n } = await sql`${into} select ${sql.join(values)} from json_each(${json})`.execute(
    trx,
  );
  // Nobody else writes meanwhile, so that they follow each other without a gap.
  const before = insertId - BigInt(rows.length);
  return rows.map((_, at) => String(before + BigInt(at + 1)));
}
