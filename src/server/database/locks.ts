import { PostgresAdapter, type QueryExecutorProvider, sql } from 'kysely';

/**
 * Lets one transaction at a time, over all processes, go on under this name, until it ends. On SQLite a transaction
 * has the write lock of the whole database from its first moment.
 */
export async function holdLock(trx: QueryExecutorProvider, name: string): Promise<void> {
  if (!(trx.getExecutor().adapter instanceof PostgresAdapter)) return;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
}
