import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { CamelCasePlugin, type Dialect, Kysely, type LogConfig, PostgresDialect } from 'kysely';
import { applyMigrations, type Migration } from './migrations.ts';
import { IntegersPlugin } from './integers-plugin.ts';
import { LibsqlDialect } from './libsql-dialect.ts';
import { openPostgresPool } from './postgres-pool.ts';

export type DialectName = 'sqlite' | 'postgres';

/** The server's one database. The school and the gateway each see their own tables of it. */
export interface Database {
  readonly dialect: DialectName;
  /**
   * The query builder, typed by the tables the caller owns. Tables and columns are camelCase in
   * TypeScript and snake_case in the database. 64-bit ids (columns `id` and `…_id`) come back as decimal
   * strings, other integers as numbers; booleans do not exist, use 0 and 1.
   *
   * Inside `transaction().execute(async (trx) => …)` use `trx` alone: SQLite has one connection, and the
   * outer builder would wait for it for ever. On SQLite one transaction runs at a time. On PostgreSQL many do, each
   * statement seeing what is committed when it begins: what is read to be written needs a unique key, a conditional
   * update or `holdLock`.
   */
  tables<Tables>(): Kysely<Tables>;
  /** Lets running queries end, then closes the file or the connections. */
  close(): Promise<void>;
}

export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

/** Where the database is when nobody says otherwise: a file in the data directory. */
export function sqliteUrl(dataDir: string): string {
  return `sqlite:${dataDir}/tapmark.db`;
}

/**
 * Opens the database, creating it where there is none, and brings its tables up to date.
 * @param url `sqlite:/path/to/file.db`, `sqlite::memory:` for tests, or `postgres://user:password@host/name`
 * @param migrations of every part that keeps tables in it, in any order between parts, in order within one
 * @param log is told every query with its values, for tests: it must not be written down
 * @throws DatabaseUrlError when the url names no database we know
 * @throws NewerDatabaseError when a newer version of the program has already changed the tables
 */
export async function openDatabase(options: {
  readonly url: string;
  readonly migrations: readonly Migration[];
  readonly log?: LogConfig;
}): Promise<Database> {
  const { name, dialect } = dialectOf(options.url);
  const plugins = [new IntegersPlugin(), new CamelCasePlugin()];
  const { log = [] } = options;
  const kysely = new Kysely<never>({ dialect, plugins, log });
  const database: Database = {
    dialect: name,
    tables: <Tables>() => kysely as unknown as Kysely<Tables>,
    close: () => kysely.destroy(),
  };
  try {
    await applyMigrations(database, options.migrations);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

function dialectOf(url: string): { readonly name: DialectName; readonly dialect: Dialect } {
  if (/^postgres(ql)?:\/\//.test(url)) {
    const pool = () => Promise.resolve(openPostgresPool(url));
    return { name: 'postgres', dialect: new PostgresDialect({ pool }) };
  }
  const file = /^sqlite:(.+)$/.exec(url)?.[1];
  if (file === undefined) {
    throw new DatabaseUrlError(
      `a database url starts with "sqlite:" or "postgres://", this one does not: ${schemeOf(url)}`,
    );
  }
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return { name: 'sqlite', dialect: new LibsqlDialect(file) };
}

/** The url may carry a password: only its scheme is fit to be shown. */
function schemeOf(url: string): string {
  return /^[a-z+]{1,20}:/i.exec(url)?.[0] ?? '(no scheme)';
}
