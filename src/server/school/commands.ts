import type { Kysely } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import type { Database } from '../database/database.ts';
import { issueToken } from './auth/access-tokens.ts';
import { loadSampleIfEmpty } from './sample/load-sample.ts';
import type { SchoolTables } from './tables.ts';

/** The command line asks for something that does not exist. Its message is for the person at the keyboard. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface CommandContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly print: (line: string) => void;
}

const usage = `Usage: npm run school -- COMMAND

  token LOGIN    make an access token for somebody; it is the last line printed, and shown only once`;

/**
 * Runs one command on a migrated database.
 * @param words the command line, without the program's own name
 * @throws UsageError for an unknown command or person
 */
export async function runCommand(words: readonly string[], context: CommandContext): Promise<void> {
  const [command, ...rest] = words;
  switch (command) {
    case 'token':
      return makeToken(rest, context);
    case 'help':
    case '--help':
      context.print(usage);
      return;
    default:
      throw new UsageError(usage);
  }
}

async function makeToken(
  words: readonly string[],
  { database, clock, print }: CommandContext,
): Promise<void> {
  const [login, ...more] = words;
  if (login === undefined || more.length > 0) throw new UsageError('Usage: npm run school -- token LOGIN');
  const db = database.tables<SchoolTables>();
  // As the server does: the command may be the first to touch a fresh database.
  await loadSampleIfEmpty(db);
  const user = await findByLogin(db, login);
  const { accessToken } = await issueToken(db, clock, {
    userId: user.id,
    clientId: null,
    scopes: null,
    purpose: 'made by the school command',
  });
  print(`Access token for ${user.name}, good until it is revoked:`);
  print(accessToken);
}

async function findByLogin(db: Kysely<SchoolTables>, login: string) {
  const user = await db
    .selectFrom('users')
    .select(['id', 'name'])
    .where('login', '=', login)
    .where('isDeleted', '=', 0)
    .executeTakeFirst();
  if (user !== undefined) return user;
  const known = await db
    .selectFrom('users')
    .select('login')
    .where('login', 'is not', null)
    .orderBy('id')
    .execute();
  const logins = known.map((one) => one.login).join(', ');
  throw new UsageError(`Nobody here has the login "${login}". There is: ${logins}`);
}
