import { sameSecret } from '../auth/secrets.ts';
import type { DeveloperKey } from '../options.ts';

/** Native programs, which have no page to go back to, read the code off the screen (contract §3.2). */
export const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';

export function findKey(keys: readonly DeveloperKey[], clientId: unknown): DeveloperKey | undefined {
  return keys.find((key) => key.clientId === clientId);
}

/** Whether the secret is the key's. A public client has none, and must not send one. */
export function provesItself(key: DeveloperKey, secret: string | undefined): boolean {
  if (key.clientSecret === null) return secret === undefined;
  return secret !== undefined && sameSecret(key.clientSecret, secret);
}

/** The host must be the key's or below it, the scheme the same; path and port are the client's business. */
export function mayReturnTo(key: DeveloperKey, redirectUri: unknown): redirectUri is string {
  if (typeof redirectUri !== 'string') return false;
  if (redirectUri === OUT_OF_BAND) return key.redirectUris.includes(OUT_OF_BAND);
  if (!URL.canParse(redirectUri)) return false;
  const wanted = new URL(redirectUri);
  if (wanted.hash !== '' || wanted.username !== '' || wanted.password !== '') return false;
  return key.redirectUris.some((known) => {
    if (!URL.canParse(known)) return false;
    const { protocol, hostname } = new URL(known);
    if (hostname === '' || wanted.protocol !== protocol) return false;
    return wanted.hostname === hostname || wanted.hostname.endsWith(`.${hostname}`);
  });
}
