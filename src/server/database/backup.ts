import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import type { Database } from './database.ts';
import { tablesInOrder } from './every-table.ts';

/*
 * A backup is a gzip file of JSON lines, the same from either database: a heading, then each table's name and columns
 * followed by its rows, then how many rows there were, by which a file that was cut off is told from a whole one.
 */

const FORMAT = 'tapmark-backup-1';
const ROWS_AT_ONCE = 500;
/** Below the limit of either database on parameters of a statement. */
const PARAMETERS_AT_ONCE = 15_000;

/** The file is no backup, not a whole one, or one of a newer version. Its message is for people. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

type Trx = Kysely<Record<string, Record<string, unknown>>>;
type Row = Readonly<Record<string, unknown>>;

/**
 * Writes everything as it is at one moment, while others go on writing.
 * @returns the number of rows
 */
export async function writeBackup(database: Database, file: string): Promise<number> {
  const unfinished = `${file}.unfinished`;
  const tables = await tablesInOrder(database);
  let rows = 0;
  async function* lines(trx: Trx): AsyncGenerator<string> {
    yield line({ format: FORMAT, migrations: await appliedMigrations(trx) });
    for (const table of tables) {
      for await (const page of pagesOf(trx, database, table)) {
        const columns = Object.keys(page[0] ?? {});
        yield line({ table, columns });
        for (const row of page) yield line(columns.map((column) => row[column]));
        rows += page.length;
      }
    }
    yield line({ rows });
  }
  try {
    await database
      .tables<Record<string, Record<string, unknown>>>()
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) =>
        // Tokens are in it as digests, sessions encrypted; names and marks are plain.
        pipeline(Readable.from(lines(trx)), createGzip(), createWriteStream(unfinished, { mode: 0o600 })),
      );
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return rows;
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

async function appliedMigrations(trx: Trx): Promise<string[]> {
  const rows = await trx.selectFrom('appliedMigrations').select('name').orderBy('appliedAt').execute();
  return rows.map((row) => String(row['name']));
}

async function* pagesOf(trx: Trx, { dialect }: Database, table: string): AsyncGenerator<Row[]> {
  if (dialect === 'postgres') {
    const cursor = sql.id(`backup_${table}`);
    await sql`declare ${cursor} cursor for select * from ${sql.table(table)}`.execute(trx);
    for (;;) {
      const { rows } = await sql<Row>`fetch ${sql.lit(ROWS_AT_ONCE)} from ${cursor}`.execute(trx);
      if (rows.length === 0) break;
      yield rows;
    }
    await sql`close ${cursor}`.execute(trx);
    return;
  }
  let last = '-1';
  for (;;) {
    const { rows } = await sql<Row & { backupRowId: string }>`
      select rowid as backup_row_id, * from ${sql.table(table)}
      where rowid > ${BigInt(last)} order by rowid limit ${sql.lit(ROWS_AT_ONCE)}`.execute(trx);
    if (rows.length === 0) return;
    last = rows.at(-1)?.backupRowId ?? last;
    yield rows.map(({ backupRowId: _, ...row }) => row);
  }
}

/**
 * Puts a backup in the place of everything there is, all or nothing. The gateway's memory of attempts takes a new
 * name, since it has forgotten what came after the backup (sync protocol §13).
 * @returns the number of rows
 * @throws BackupError and changes nothing
 */
export async function readBackup(database: Database, file: string): Promise<number> {
  const tables = await tablesInOrder(database);
  return database
    .tables<Record<string, Record<string, unknown>>>()
    .transaction()
    .execute(async (trx) => {
      for (const table of [...tables].reverse()) await trx.deleteFrom(table).execute();
      const rows = await insertAll(trx, file, tables);
      if (tables.includes('gateway_memory')) {
        await trx.updateTable('gatewayMemory').set({ stampedUntil: 0 }).execute();
      }
      if (database.dialect === 'postgres') await continueNumbers(trx, tables);
      return rows;
    });
}

async function insertAll(trx: Trx, file: string, tables: readonly string[]): Promise<number> {
  let current: { table: string; columns: string[] } | undefined;
  let waiting: Row[] = [];
  let rows = 0;
  let isWhole = false;
  let isFirst = true;
  const flush = async () => {
    if (current !== undefined && waiting.length > 0) {
      await trx.insertInto(current.table).values(waiting).execute();
    }
    waiting = [];
  };
  for await (const value of linesOf(file)) {
    if (isFirst) {
      await requireKnown(trx, value);
      isFirst = false;
    } else if (Array.isArray(value)) {
      if (current === undefined || value.length !== current.columns.length) throw damaged();
      waiting.push(Object.fromEntries(current.columns.map((column, at) => [column, value[at] as unknown])));
      rows += 1;
      if (waiting.length * current.columns.length >= PARAMETERS_AT_ONCE) await flush();
    } else {
      await flush();
      const { table, columns, rows: total } = value as Record<string, unknown>;
      if (typeof table === 'string' && tables.includes(table) && isTexts(columns))
        current = { table, columns };
      else if (total === rows) isWhole = true;
      else throw damaged();
    }
  }
  if (!isWhole) throw new BackupError('The backup is cut off: nothing was changed.');
  return rows;
}

async function* linesOf(file: string): AsyncGenerator {
  const plain = createGunzip();
  const reading = pipeline(createReadStream(file), plain);
  // Whoever reads the lines meets the same failure.
  reading.catch(() => undefined);
  try {
    for await (const text of createInterface({ input: plain, crlfDelay: Infinity })) {
      yield JSON.parse(text) as unknown;
    }
    await reading;
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (code === 'ENOENT') throw new BackupError(`There is no file ${file}.`);
    throw error instanceof SyntaxError || code.startsWith('Z_') ? damaged() : error;
  }
}

/** @throws BackupError unless it is a backup of this version or an older one, whose columns are all still there */
async function requireKnown(trx: Trx, heading: unknown): Promise<void> {
  const { format, migrations } = (heading ?? {}) as Record<string, unknown>;
  if (format !== FORMAT || !isTexts(migrations)) throw new BackupError('This file is no backup of Tapmark.');
  const known = await appliedMigrations(trx);
  const unknown = migrations.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new BackupError(
    `The backup was made by a newer version of Tapmark (${unknown.join(', ')}): install that one.`,
  );
}

/** What the database deals out next comes after what was put back. */
async function continueNumbers(trx: Trx, tables: readonly string[]): Promise<void> {
  const dealing = await sql<{ tableName: string }>`
    select table_name from information_schema.columns where is_identity = 'YES' and column_name = 'id'`.execute(
    trx,
  );
  for (const { tableName } of dealing.rows.filter((row) => tables.includes(row.tableName))) {
    await sql`select setval(pg_get_serial_sequence(${tableName}, 'id'),
      coalesce((select max(id) from ${sql.table(tableName)}), 0) + 1, false)`.execute(trx);
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function damaged(): BackupError {
  return new BackupError('The backup is damaged: nothing was changed.');
}
