import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import { hashSecret, newCode } from '../auth/secrets.ts';
import type { OAuthCodeRow, SchoolTables } from '../tables.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

/** A code, and the challenge with it, live ten minutes (contract §3.2). */
const CODE_MS = 600_000;

/** Makes the code that the program exchanges for a token of this person. */
export async function issueCode(
  db: Kysely<SchoolTables>,
  clock: Clock,
  request: AuthorizationRequest,
  userId: string,
): Promise<string> {
  const code = newCode();
  const now = clock.wallMs();
  await db.deleteFrom('oauthCodes').where('expiresAt', '<=', now).execute();
  await db
    .insertInto('oauthCodes')
    .values({
      codeHash: hashSecret(code),
      clientId: request.key.clientId,
      userId,
      redirectUri: request.redirectUri,
      scopes: request.scopes,
      purpose: request.purpose,
      codeChallenge: request.codeChallenge,
      expiresAt: now + CODE_MS,
    })
    .execute();
  return code;
}

export interface CodeRedemption {
  readonly code: string;
  readonly clientId: string;
  /** Checked when given, as Canvas does. */
  readonly redirectUri: string | undefined;
  readonly codeVerifier: string | undefined;
}

/**
 * Takes a code out: whoever presents it, rightly or not, it is gone afterwards.
 * @returns undefined unless it was alive, this client's, and the verifier fits its challenge
 */
export async function redeemCode(
  db: Kysely<SchoolTables>,
  clock: Clock,
  redemption: CodeRedemption,
): Promise<OAuthCodeRow | undefined> {
  const row = await db
    .deleteFrom('oauthCodes')
    .where('codeHash', '=', hashSecret(redemption.code))
    .returningAll()
    .executeTakeFirst();
  if (row === undefined || row.expiresAt <= clock.wallMs() || row.clientId !== redemption.clientId)
    return undefined;
  if (redemption.redirectUri !== undefined && redemption.redirectUri !== row.redirectUri) return undefined;
  return fitsChallenge(row.codeChallenge, redemption.codeVerifier) ? row : undefined;
}

/** A verifier without a challenge is refused too: somebody cut the challenge out of the way there. */
function fitsChallenge(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null || verifier === undefined) return challenge === null && verifier === undefined;
  return createHash('sha256').update(verifier).digest('base64url') === challenge;
}
