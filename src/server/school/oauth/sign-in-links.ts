import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import { hashSecret } from '../auth/secrets.ts';
import type { SchoolTables } from '../tables.ts';

/** Long enough to walk over to a tablet, too short to be found in a photograph later. */
export const LINK_MS = 15 * 60_000;

export const LINK_PATH = '/login/link';

/** Makes a link that signs this person in once. @returns its secret part, 256 random bits, kept nowhere */
export async function issueSignInLink(
  db: Kysely<SchoolTables>,
  clock: Clock,
  userId: string,
): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  const now = clock.wallMs();
  await db.deleteFrom('signInLinks').where('expiresAt', '<=', now).execute();
  await db
    .insertInto('signInLinks')
    .values({ linkHash: hashSecret(secret), userId, expiresAt: now + LINK_MS })
    .execute();
  return secret;
}

/** Whom a link signs in, without using it up. @returns undefined for one that is used up, too old, or none */
export async function findSignInLink(
  db: Kysely<SchoolTables>,
  clock: Clock,
  secret: string,
): Promise<{ readonly id: string; readonly name: string } | undefined> {
  return db
    .selectFrom('signInLinks')
    .innerJoin('users', 'users.id', 'signInLinks.userId')
    .select(['users.id', 'users.name'])
    .where('linkHash', '=', hashSecret(secret))
    .where('expiresAt', '>', clock.wallMs())
    .where('users.isDeleted', '=', 0)
    .executeTakeFirst();
}

/** Uses a link up: of two who try, one is let in. @returns the person's id, or undefined for a link that is none */
export async function redeemSignInLink(
  db: Kysely<SchoolTables>,
  clock: Clock,
  secret: string,
): Promise<string | undefined> {
  const row = await db
    .deleteFrom('signInLinks')
    .where('linkHash', '=', hashSecret(secret))
    .returning(['userId', 'expiresAt'])
    .executeTakeFirst();
  return row === undefined || row.expiresAt <= clock.wallMs() ? undefined : row.userId;
}
