/** The value of a cookie in a `Cookie` header. */
export function readCookie(header: string | null, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** Out of reach of scripts; sent with navigations from elsewhere (the way back from Canvas) but with no foreign write. */
export function writeCookie(cookie: {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** 0 removes it. */
  readonly maxAgeS: number;
  readonly secure: boolean;
}): string {
  const { name, value, path, maxAgeS, secure } = cookie;
  const parts = [`${name}=${value}`, `Path=${path}`, `Max-Age=${maxAgeS}`, 'HttpOnly', 'SameSite=Lax'];
  return [...parts, ...(secure ? ['Secure'] : [])].join('; ');
}
