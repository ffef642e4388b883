import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';
import { systemClock } from '#lib/clock.ts';
import type { Database, DialectName } from './database.ts';
import { holdLock } from './locks.ts';

/** One step forward in the shape of the tables. There are no steps back: a backup is the way back. */
export interface Migration {
  /** Unique for ever; begins with the part it belongs to: `school-001-people`. */
  readonly name: string;
  up(context: MigrationContext): Promise<void>;
}

export interface MigrationContext {
  /** A transaction that holds the lock on migrations. */
  readonly db: Kysely<never>;
  readonly dialect: DialectName;
  readonly id: IdColumns;
}

/** The types of id columns, which the two databases spell differently. */
export interface IdColumns {
  /** Type of a primary key: `addColumn('id', id.keyType, id.given)`. */
  readonly keyType: 'integer' | 'bigint';
  /** A primary key whose value the program hands in. */
  readonly given: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
  /** A primary key the database deals out, rising, never used twice. */
  readonly dealt: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
}

/** The database has been changed by a newer version of this program, which this one could only damage. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';
  constructor(unknown: readonly string[]) {
    super(
      `the database was made by a newer version of Tapmark (${unknown.join(', ')}): install that version`,
    );
  }
}

interface MigrationTables {
  appliedMigrations: { name: string; appliedAt: number };
}

/** Applies what is missing, all in one transaction, one process at a time. */
export async function applyMigrations(database: Database, migrations: readonly Migration[]): Promise<void> {
  const kysely = database.tables<MigrationTables>();
  await kysely.transaction().execute(async (trx) => {
    // Another server's migrations may take longer than anybody waits for a lock otherwise.
    if (database.dialect === 'postgres') await sql`set local lock_timeout = 0`.execute(trx);
    await holdLock(trx, 'migrations');
    await trx.schema
      .createTable('appliedMigrations')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('appliedAt', 'bigint', (column) => column.notNull())
      .execute();
    const rows = await trx.selectFrom('appliedMigrations').select('name').execute();
    const applied = new Set(rows.map((row) => row.name));
    const known = new Set(migrations.map((migration) => migration.name));
    const unknown = [...applied].filter((name) => !known.has(name));
    if (unknown.length > 0) throw new NewerDatabaseError(unknown);
    const context: MigrationContext = {
      db: trx as unknown as Kysely<never>,
      dialect: database.dialect,
      id: idColumns[database.dialect],
    };
    for (const migration of migrations) {
      if (applied.has(migration.name)) continue;
      await migration.up(context);
      await trx
        .insertInto('appliedMigrations')
        .values({ name: migration.name, appliedAt: systemClock.wallMs() })
        .execute();
    }
  });
}

const idColumns: Record<DialectName, IdColumns> = {
  sqlite: {
    // Only the exact type INTEGER makes the key the table's own row id.
    keyType: 'integer',
    given: (column) => column.primaryKey(),
    dealt: (column) => column.primaryKey().autoIncrement(),
  },
  postgres: {
    keyType: 'bigint',
    given: (column) => column.primaryKey(),
    dealt: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
  },
};
