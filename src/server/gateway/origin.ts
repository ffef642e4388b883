/*
 * Our own origin, and whether a request comes from our own page. Without PUBLIC_URL the browser's own name for us
 * counts, but only if it is a loopback name or an address we were told to listen on: any other name could be a
 * foreign page's, pointed at us.
 */

export interface OwnOrigin {
  /** @returns undefined for a request under a name that is not ours */
  of(url: URL): string | undefined;
}

/** @param listenHost what the server listens on, e.g. `127.0.0.1` */
export function ownOrigin(publicOrigin: string | undefined, listenHost: string): OwnOrigin {
  if (publicOrigin !== undefined) return { of: () => publicOrigin };
  const names = new Set(['localhost', '127.0.0.1', '[::1]', listenHost, `[${listenHost}]`]);
  return { of: (url) => (names.has(url.hostname) ? url.origin : undefined) };
}

/**
 * True for a write that is plainly from our own page: the browser says so itself, in headers that no page can set.
 * A request that says nothing either way is not ours: every browser the app runs in sends `Origin` with a write.
 */
export function isFromOwnPage(headers: Headers, own: string): boolean {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site !== null && site !== 'same-origin') return false;
  if (origin !== null && origin !== own) return false;
  return site !== null || origin !== null;
}

/**
 * True when the browser says that another site made it send this: never for programs, which say nothing, nor for a
 * page that hides where it is (`Origin: null`), unless the browser tells more.
 */
export function isFromOtherSite(headers: Headers, own: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const origin = headers.get('origin');
  return origin !== null && origin !== 'null' && origin !== own;
}
