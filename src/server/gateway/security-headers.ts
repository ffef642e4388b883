/*
 * What every answer tells the browser. No inline script or style, no other site in any direction: a student's name
 * with `<script>` in it stays a name, and no third party is contacted.
 */

/**
 * The only two styles that React Aria puts into a page by script (touch behaviour of pressables, scrolling behind a
 * dialog), by their digest: a constant text is no way in. A test compares them with the installed version.
 */
const reactAriaStyles = [
  "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
  "'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='",
];

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${reactAriaStyles.join(' ')}`,
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer, whoever makes it. */
export const alwaysHeaders: readonly (readonly [string, string])[] = [
  ['content-security-policy', contentSecurityPolicy],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
  // Not `no-referrer`: browsers then hide the origin of our own forms too, and they count as foreign.
  ['referrer-policy', 'same-origin'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
];

const twoYearsS = 63_072_000;
/** On every answer that leaves over TLS. */
export const transportSecurity = `max-age=${twoYearsS}`;

/** The answer with the headers added, as it leaves. @param secure whether browsers reach us over TLS */
export function withSecurityHeaders(response: Response, secure: boolean): Response {
  // A copy: a redirect or an answer of `fetch` may refuse to be changed.
  const headers = new Headers(response.headers);
  // The embedded school's pages bring some of their own, made for what they do.
  for (const [name, value] of alwaysHeaders) if (!headers.has(name)) headers.set(name, value);
  if (secure) headers.set('strict-transport-security', transportSecurity);
  return new Response(response.body, { status: response.status, headers });
}
