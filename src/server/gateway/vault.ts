import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Everything the gateway does with its one secret, each use with a key of its own. */
export interface Vault {
  /** Keyed digest, base64url: nobody without the secret can make one. */
  seal(text: string): string;
  /** Encrypts and authenticates. `purpose` must be the same when opening: a value cannot be moved elsewhere. */
  lock(text: string, purpose: string): string;
  /** @returns undefined for anything that was not locked with this secret for this purpose */
  unlock(locked: string, purpose: string): string | undefined;
}

const nonceBytes = 12;
const tagBytes = 16;

/** @param secret at least 32 characters */
export function createVault(secret: string): Vault {
  const keyFor = (use: string) => new Uint8Array(hkdfSync('sha256', secret, 'tapmark', use, 32));
  const sealKey = keyFor('seal');
  const lockKey = keyFor('lock');
  return {
    seal: (text) => createHmac('sha256', sealKey).update(text).digest('base64url'),

    lock(text, purpose) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', lockKey, nonce).setAAD(Buffer.from(purpose));
      const secretPart = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), secretPart]).toString('base64url');
    },

    unlock(locked, purpose) {
      const bytes = Buffer.from(locked, 'base64url');
      if (bytes.length < nonceBytes + tagBytes) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', lockKey, bytes.subarray(0, nonceBytes))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        const opened = [decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()];
        return Buffer.concat(opened).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** A value nobody can guess, fit for a cookie or a URL. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256, base64url. */
export function digest(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('base64url');
}
