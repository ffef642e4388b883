import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A bearer or refresh token in the shape of Canvas's: a shard, and 256 random bits. */
export function newToken(): string {
  return `1~${randomBytes(32).toString('base64url')}`;
}

/** An authorization code: 128 hex characters (contract §3.2). */
export function newCode(): string {
  return randomBytes(64).toString('hex');
}

/** What the database keeps of a secret. Secrets are random and long, so one round of SHA-256 is enough. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares in a time that says nothing about where the two differ. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(
    createHash('sha256').update(one).digest(),
    createHash('sha256').update(other).digest(),
  );
}
