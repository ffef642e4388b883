import pg from 'pg';
import type { PostgresPool, PostgresPoolClient } from 'kysely';

/** One server's share of the database's connections; several servers may share a database. */
const MOST_CONNECTIONS = 10;
/** Statements that are named, and so planned once a connection: about twice as many as the server has queries. */
const MOST_NAMED = 256;
/** Longer ones are lists of rows or ids, of which hardly two have the same length. */
const LONGEST_NAMED = 2000;
const INT8 = pg.types.builtins.INT8;

/**
 * Connections to a PostgreSQL database as the server needs them: every transaction reads what is committed when a
 * statement begins (our row locks and unique keys reckon with it); nobody waits for a lock, or holds one idly, for
 * ever; connections that broke are replaced.
 */
export function openPostgresPool(url: string): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'tapmark',
    options:
      '-c default_transaction_isolation=read\\ committed -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s',
    types: { getTypeParser: parserOf },
  });
  // A lost connection fails the query it was busy with. Without listeners it would end the process as well: those in
  // the pool, and those between two statements of a transaction.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const names = new Map<string, string>();
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();

  function nameOf(sql: string): string | undefined {
    const known = names.get(sql);
    if (known !== undefined || sql.length > LONGEST_NAMED || names.size >= MOST_NAMED) return known;
    const name = `tapmark_${String(names.size)}`;
    names.set(sql, name);
    return name;
  }

  function withNames(client: pg.PoolClient): PostgresPoolClient {
    const query = (sql: string, parameters: readonly unknown[]) => {
      const name = parameters.length === 0 ? undefined : nameOf(sql);
      return client.query({ text: sql, values: [...parameters], ...(name === undefined ? {} : { name }) });
    };
    // Kysely's type has a second form, with a cursor, which is for streams alone.
    return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release() };
  }

  return {
    async connect() {
      const client = await pool.connect();
      const known = clients.get(client) ?? withNames(client);
      clients.set(client, known);
      return known;
    },
    end: () => pool.end(),
  };
}

/** 64-bit integers as bigint: IntegersPlugin makes ids and numbers of them, as with SQLite. */
const parserOf = ((type: typeof INT8, format: 'text') =>
  type === INT8
    ? (text: string) => BigInt(text)
    : (pg.types.getTypeParser(type, format) as unknown)) as typeof pg.types.getTypeParser;
