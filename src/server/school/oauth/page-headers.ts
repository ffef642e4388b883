import { OUT_OF_BAND } from './developer-keys.ts';

/** `form-action` names the program's origin too: Chromium applies it to the redirect after the form. */
export function pageHeaders(redirectUri?: string): Record<string, string> {
  const target =
    redirectUri === undefined || redirectUri === OUT_OF_BAND ? '' : ` ${new URL(redirectUri).origin}`;
  return {
    'content-security-policy': `default-src 'none'; style-src 'self'; form-action 'self'${target}; frame-ancestors 'none'; base-uri 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}
