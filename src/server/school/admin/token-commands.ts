import { issueToken, revokeTokenById } from '../auth/access-tokens.ts';
import { isScope } from '../auth/scopes.ts';
import {
  type Command,
  type CommandContext,
  readWords,
  schoolTables,
  table,
  timeText,
  UsageError,
} from './command.ts';
import { findPerson } from './find-person.ts';

export const tokenCommand: Command = {
  synopsis: 'token LOGIN [--scopes SCOPE,…] [--expires 30d|12h|90m|2027-07-31]',
  purpose: 'make an access token for somebody; it is the last line printed, and shown only once',
  run: makeToken,
};

export const tokensCommand: Command = {
  synopsis: 'tokens [LOGIN]',
  purpose: 'list the tokens that are good now: whose, since when, until when, for what',
  run: listTokens,
};

export const revokeCommand: Command = {
  synopsis: 'revoke NUMBER…',
  purpose: 'end tokens by their number in that list, and the programs that use them are signed out',
  run: revokeTokens,
};

async function makeToken(words: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = readWords(words, ['LOGIN'], {
    scopes: { type: 'string', multiple: true },
    expires: { type: 'string' },
  });
  const scopes = readScopes(values.scopes);
  const expiresAt = values.expires === undefined ? null : readExpiry(values.expires, context.clock.wallMs());
  const user = await findPerson(context, positionals[0] ?? '');
  const { accessToken } = await issueToken(schoolTables(context), context.clock, {
    userId: user.id,
    clientId: null,
    scopes,
    purpose: 'made by the school command',
    expiresAt,
  });
  const until =
    expiresAt === null ? 'until it is revoked' : `until ${timeText(expiresAt)} UTC, or it is revoked`;
  context.print(`Access token for ${user.name}, good ${until}:`);
  context.print(accessToken);
}

function readScopes(given: readonly string[] | undefined): string | null {
  if (given === undefined) return null;
  const scopes = given.flatMap((one) => one.split(/[,\s]+/)).filter((one) => one !== '');
  const strange = scopes.filter((scope) => !isScope(scope));
  if (scopes.length === 0 || strange.length > 0) {
    throw new UsageError(
      `A scope looks like "url:GET|/api/v1/courses"; this does not: ${strange.join(', ') || '(nothing)'}`,
    );
  }
  return scopes.join(' ');
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration from now, or a day, to whose end in UTC the token is good. */
function readExpiry(text: string, nowMs: number): number {
  const duration = /^(\d{1,5})([mhd])$/.exec(text);
  const at =
    duration === null
      ? /^\d{4}-\d{2}-\d{2}$/.test(text)
        ? Date.parse(`${text}T23:59:59Z`)
        : Number.NaN
      : nowMs + Number(duration[1]) * (unitMs[duration[2] ?? ''] ?? 0);
  if (Number.isNaN(at)) throw new UsageError(`--expires takes 30d, 12h, 90m or a date, not "${text}"`);
  if (at <= nowMs) throw new UsageError(`--expires ${text} is over already`);
  return at;
}

async function listTokens(words: readonly string[], context: CommandContext): Promise<void> {
  const { positionals } = readWords(words, ['[LOGIN]'], {});
  const [login] = positionals;
  const owner = login === undefined ? undefined : await findPerson(context, login);
  let wanted = schoolTables(context)
    .selectFrom('accessTokens')
    .innerJoin('users', 'users.id', 'accessTokens.userId')
    .select(['accessTokens.id', 'users.name', 'users.login', 'accessTokens.createdAt'])
    .select(['accessTokens.expiresAt', 'accessTokens.refreshHash', 'scopes', 'purpose'])
    .where('revokedAt', 'is', null)
    .orderBy('accessTokens.id');
  if (owner !== undefined) wanted = wanted.where('users.id', '=', owner.id);
  const now = context.clock.wallMs();
  const good = (await wanted.execute()).filter(
    // A program renews its token for as long as it likes.
    ({ expiresAt, refreshHash }) => refreshHash !== null || expiresAt === null || expiresAt > now,
  );
  const rows = good.map((token) => [
    token.id,
    token.login ?? '',
    token.name,
    timeText(token.createdAt),
    token.refreshHash !== null ? 'renewed' : token.expiresAt === null ? 'never' : timeText(token.expiresAt),
    token.scopes === null ? 'everything' : `${String(token.scopes.split(' ').length)} scopes`,
    token.purpose ?? '',
  ]);
  for (const line of table(['No.', 'Login', 'Name', 'Made', 'Ends', 'May', 'For'], rows)) context.print(line);
}

async function revokeTokens(words: readonly string[], context: CommandContext): Promise<void> {
  if (words.length === 0 || words.some((word) => !/^\d{1,18}$/.test(word))) {
    throw new UsageError('Usage: npm run school -- revoke NUMBER…   (the numbers: npm run school -- tokens)');
  }
  const db = schoolTables(context);
  for (const id of words) {
    const isRevoked = await revokeTokenById(db, context.clock, id);
    context.print(isRevoked ? `Token ${id} is revoked.` : `There is no good token ${id}.`);
  }
}
