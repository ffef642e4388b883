import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Kysely } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import type { Database } from '../../database/database.ts';
import type { SchoolTables } from '../tables.ts';

/** The command line asks for something that does not exist. Its message is for the person at the keyboard. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command was understood, and what it was about is not in order. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface CommandContext {
  readonly database: Database;
  readonly clock: Clock;
  /** Where people reach the server, for links. */
  readonly origin: string;
  readonly print: (line: string) => void;
}

export interface Command {
  /** What follows the command's name. */
  readonly synopsis: string;
  readonly purpose: string;
  readonly run: (words: readonly string[], context: CommandContext) => Promise<void>;
}

export function schoolTables({ database }: CommandContext): Kysely<SchoolTables> {
  return database.tables<SchoolTables>();
}

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Reads the words after a command's name.
 * @param names of what must stand there, in order; one in brackets may be missing
 * @throws UsageError for an unknown option, and for too few or too many words
 */
export function readWords<O extends Options>(words: readonly string[], names: readonly string[], options: O) {
  try {
    const parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
    const needed = names.filter((name) => !name.startsWith('['));
    if (parsed.positionals.length < needed.length || parsed.positionals.length > names.length) {
      throw new UsageError(
        `This command takes ${names.length === 0 ? 'nothing more' : names.join(' ')}. See: npm run school -- help`,
      );
    }
    return parsed;
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** Rows under their headings, columns as wide as they must be. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(headings), ...rows.map(line)];
}

/** An instant as people at a terminal read it, in UTC. */
export function timeText(ms: number | null): string {
  return ms === null ? '' : new Date(ms).toISOString().replace('T', ' ').slice(0, 16);
}
