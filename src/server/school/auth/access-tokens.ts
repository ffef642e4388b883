import type { Kysely } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import { prepare } from '../../database/prepare.ts';
import { badToken } from '../http/refusal.ts';
import { wireTime } from '../http/wire-time.ts';
import type { SchoolTables, UserRow } from '../tables.ts';
import { hashSecret, newToken } from './secrets.ts';

/** Tokens of a developer key live an hour (contract §3.1); those made by hand until they are revoked. */
export const KEY_TOKEN_MS = 3_600_000;

export interface TokenGrant {
  readonly userId: string;
  readonly clientId: string | null;
  readonly scopes: string | null;
  readonly purpose: string | null;
  /** For one made by hand; absent or null: until it is revoked. */
  readonly expiresAt?: number | null;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}

/** Makes a token. One of a developer key expires and comes with a refresh token. */
export async function issueToken(
  db: Kysely<SchoolTables>,
  clock: Clock,
  grant: TokenGrant,
): Promise<IssuedToken> {
  const accessToken = newToken();
  const refreshToken = grant.clientId === null ? null : newToken();
  const now = clock.wallMs();
  await db
    .insertInto('accessTokens')
    .values({
      ...grant,
      tokenHash: hashSecret(accessToken),
      refreshHash: refreshToken === null ? null : hashSecret(refreshToken),
      createdAt: now,
      expiresAt: refreshToken === null ? (grant.expiresAt ?? null) : now + KEY_TOKEN_MS,
      revokedAt: null,
    })
    .execute();
  return { accessToken, refreshToken };
}

/**
 * Gives the record of a refresh token a new access token; the one before is dead from now on (contract §3.2).
 * @returns undefined when there is no such refresh token for this client, or it was revoked
 */
export async function refreshToken(
  db: Kysely<SchoolTables>,
  clock: Clock,
  request: { readonly refreshToken: string; readonly clientId: string },
): Promise<{ readonly accessToken: string; readonly userId: string } | undefined> {
  const accessToken = newToken();
  const row = await db
    .updateTable('accessTokens')
    .set({ tokenHash: hashSecret(accessToken), expiresAt: clock.wallMs() + KEY_TOKEN_MS })
    .where('refreshHash', '=', hashSecret(request.refreshToken))
    .where('clientId', '=', request.clientId)
    .where('revokedAt', 'is', null)
    .returning('userId')
    .executeTakeFirst();
  return row === undefined ? undefined : { accessToken, userId: row.userId };
}

/** Ends a token and its refresh token. @returns whether there was one to end */
export async function revokeToken(db: Kysely<SchoolTables>, clock: Clock, token: string): Promise<boolean> {
  const ended = await db
    .updateTable('accessTokens')
    .set({ revokedAt: clock.wallMs() })
    .where('tokenHash', '=', hashSecret(token))
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return ended.numUpdatedRows > 0n;
}

/** Ends a token by its number in the list. @returns whether there was one to end */
export async function revokeTokenById(db: Kysely<SchoolTables>, clock: Clock, id: string): Promise<boolean> {
  const ended = await db
    .updateTable('accessTokens')
    .set({ revokedAt: clock.wallMs() })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return ended.numUpdatedRows > 0n;
}

/** What every request needs to know of the person behind it. */
export type CallingUser = Pick<UserRow, 'id' | 'isAdmin' | 'timeZone'>;

/** Who calls, and with which token. */
export interface Caller {
  readonly user: CallingUser;
  readonly tokenId: string;
  readonly clientId: string | null;
  readonly scopes: string | null;
}

const tokenByHash = prepare((db: Kysely<SchoolTables>, { tokenHash }: { tokenHash: string }) =>
  db
    .selectFrom('accessTokens')
    .leftJoin('users', (join) =>
      join.onRef('users.id', '=', 'accessTokens.userId').on('users.isDeleted', '=', 0),
    )
    .select(['users.id', 'users.isAdmin', 'users.timeZone'])
    .select(['accessTokens.id as tokenId', 'clientId', 'scopes', 'expiresAt', 'revokedAt'])
    .where('tokenHash', '=', tokenHash),
);

/**
 * The person behind a token.
 * @throws Refusal 401 with one of Canvas's three texts (contract §1.4)
 */
export async function callerOf(db: Kysely<SchoolTables>, clock: Clock, token: string): Promise<Caller> {
  const [row] = await tokenByHash(db, { tokenHash: hashSecret(token) });
  if (row === undefined) throw badToken('Invalid access token.');
  const { tokenId, clientId, scopes, expiresAt, revokedAt, id, isAdmin, timeZone } = row;
  if (revokedAt !== null) throw badToken('Revoked access token.');
  if (expiresAt !== null && expiresAt <= clock.wallMs()) {
    throw badToken('Expired access token.', { expired_at: wireTime(expiresAt) });
  }
  if (id === null || isAdmin === null) throw badToken('Invalid access token.');
  return { user: { id, isAdmin, timeZone }, tokenId, clientId, scopes };
}
