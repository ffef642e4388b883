/* What a bad network, or what stands in it, does to one request. */

export type Fault =
  | { readonly kind: 'pass' }
  /** Waits before the request goes on, or before its answer comes back. */
  | { readonly kind: 'wait'; readonly before?: Wait; readonly after?: Wait }
  /**
   * Breaks the connection. `unsent`: nothing went on. `half-sent`: half of the request did. `sent`: all of it, and its
   * answer is on its way. `answered`: the answer is complete, and none of it reaches the client. `half-answered`.
   */
  | { readonly kind: 'cut'; readonly at: 'unsent' | 'half-sent' | 'sent' | 'answered' | 'half-answered' }
  /** Sends the request on several times, one after the other; the last answer comes back. */
  | { readonly kind: 'repeat'; readonly times: number }
  /** Somebody else answers; the request does not go on. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Passes the answer on, without these headers. Names in lower case. */
  | { readonly kind: 'strip'; readonly headers: readonly string[] }
  /** The request goes on and takes effect, but somebody else's answer comes back. */
  | { readonly kind: 'replace-answer'; readonly status: number; readonly body?: string };

/** So many ms, or as long as the promise likes. A function is asked when the moment has come. */
export type Wait = number | Promise<void> | (() => Promise<void>);

export const pass: Fault = { kind: 'pass' };

const html = { 'content-type': 'text/html; charset=utf-8' };

/** The Wi-Fi's own page, with the status of a success. */
export const portal: Fault = {
  kind: 'answer',
  status: 200,
  headers: html,
  body: '<!doctype html><title>Welcome</title><h1>Sign in to the school Wi-Fi</h1>',
};

export const loginRedirect: Fault = {
  kind: 'answer',
  status: 302,
  headers: { ...html, location: 'https://portal.example/login' },
};

export const maintenance: Fault = {
  kind: 'answer',
  status: 503,
  headers: html,
  body: '<!doctype html><title>Down for maintenance</title>',
};

export function throttled(retryAfterSeconds: number): Fault {
  return {
    kind: 'answer',
    status: 429,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': String(retryAfterSeconds) },
    body: 'Too Many Requests\n',
  };
}
