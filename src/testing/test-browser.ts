import { keepSecret } from './server-logs/keep.ts';

/** As much of a browser as the gateway can see: cookies, and the headers that tell where a request comes from. */
export interface TestBrowser {
  readonly cookies: Map<string, string>;
  /** The latest `Set-Cookie` of each cookie, in full. */
  readonly setCookies: Map<string, string>;
  /** Follows no redirect. Writes are from our own page unless `headers` say otherwise. */
  go(
    path: string,
    init?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<Response>;
}

/** @param address whom to call; a path is taken on it, a full URL must be on it too */
export function createTestBrowser(address: string): TestBrowser {
  const cookies = new Map<string, string>();
  const setCookies = new Map<string, string>();
  return {
    cookies,
    setCookies,
    async go(path, init = {}) {
      const method = init.method ?? 'GET';
      const own: Record<string, string> =
        method === 'GET' ? {} : { origin: address, 'sec-fetch-site': 'same-origin' };
      const response = await fetch(new URL(path, address), {
        ...init,
        redirect: 'manual',
        headers: {
          ...own,
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...init.headers,
        },
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        setCookies.set(name, line);
        keepSecret('cookie', value);
        if (/max-age=0/i.test(line)) cookies.delete(name);
        else cookies.set(name, value);
      }
      return response;
    },
  };
}
