import Libsql from 'libsql';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** Compiled statements kept for reuse: about twice as many as the server has queries. */
const STATEMENTS_KEPT = 256;

/**
 * Opens a SQLite file as the server needs it: readers do not stop the writer (WAL), a commit is on the
 * disk when it returns (FULL), another process holding the write lock is waited for, references hold.
 */
export function openLibsql(file: string): SqliteDatabase {
  const libsql = new Libsql(file);
  // Ids are 64-bit; IntegersPlugin turns what is not an id into a number again.
  libsql.defaultSafeIntegers(true);
  libsql.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 10000; pragma foreign_keys = on',
  );
  const kept = new Map<string, SqliteStatement>();

  function compile(sql: string): SqliteStatement {
    const statement = libsql.prepare(sql);
    return {
      reader: statement.reader,
      all: (parameters) => statement.all(parameters.map(bindable)),
      run: (parameters) => statement.run(parameters.map(bindable)),
      iterate: (parameters) => statement.iterate(parameters.map(bindable)),
    };
  }

  return {
    prepare: (sql) => {
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const statement = compile(sql);
      if (kept.size >= STATEMENTS_KEPT) kept.delete(kept.keys().next().value ?? '');
      kept.set(sql, statement);
      return statement;
    },
    close: () => {
      kept.clear();
      // libsql's close leaves what was written ahead in a file of its own: a copy of the main file alone would lack it.
      try {
        libsql.exec('pragma wal_checkpoint(truncate)');
      } catch {
        // Somebody else is reading: nothing is lost, it lies in that other file.
      }
      libsql.close();
    },
  };
}

/**
 * What libsql binds faithfully. The rest must not reach it: 0.5.29 aborts the process on a boolean, stores
 * NaN as null and cuts a text at a NUL character.
 */
function bindable(parameter: unknown): unknown {
  if (typeof parameter === 'string') {
    if (parameter.includes('\0')) throw new TypeError('a text with a NUL character cannot be stored');
    return parameter;
  }
  if (typeof parameter === 'number') {
    if (Number.isSafeInteger(parameter)) return BigInt(parameter);
    if (Number.isFinite(parameter)) return parameter;
    throw new TypeError('a number that is not finite cannot be stored');
  }
  if (typeof parameter === 'bigint' || parameter === null || parameter instanceof Uint8Array)
    return parameter;
  throw new TypeError(`a ${typeof parameter} cannot be stored`);
}
