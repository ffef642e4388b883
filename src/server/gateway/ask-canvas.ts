import { isHtml, isThrottleText } from '#canvas/canvas-form.ts';
import type { NoAnswer } from '#canvas/gateway-wire.ts';
import type { RememberedAnswer } from './attempts/record.ts';
import type { ForwardEnd } from './attempts/ledger.ts';
import { readText, TooLargeBodyError } from './read-text.ts';
import { rewriteBody, rewriteLink } from './rewrite.ts';
import { NoConnectionError, type Upstream } from './upstream.ts';

/** A call that may pass, on its way to Canvas. */
export interface CanvasCall {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly accessToken: string;
  readonly canvasOrigin: string;
  readonly own: string;
  /** What else is to be changed in the body, beside Canvas's own addresses. */
  readonly rewrite?: (body: string) => string;
}

/** Larger answers are refused, not held: a roster of 1,000 with all its fields is under 2 MB. */
export const largestAnswer = 8 * 1024 * 1024;

/** What of Canvas's headers reaches the browser. */
export const passedHeaders = [
  'content-type',
  'date',
  'retry-after',
  'www-authenticate',
  'x-rate-limit-remaining',
  'x-request-cost',
  'x-request-context-id',
  'link',
];

/**
 * Puts one call before Canvas, once, and reads its answer to the end.
 * @returns `no-answer` also for an answer that is not Canvas's: a web page, a redirect, anything but JSON or the
 *   rate limiter's words. What a proxy before Canvas says must not pass for Canvas.
 */
export async function askCanvas(
  deps: { readonly upstream: Upstream; readonly userAgent: string },
  call: CanvasCall,
  signal: AbortSignal,
): Promise<ForwardEnd> {
  const request = new Request(`${call.canvasOrigin}${call.target}`, {
    method: call.method,
    headers: {
      ...headersForCanvas(call.accessToken, deps.userAgent),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(call.body === undefined ? {} : { body: call.body }),
    redirect: 'manual',
    signal,
  });
  try {
    const response = await deps.upstream(request);
    const text = await readText(response.body, largestAnswer);
    const why = whyNotCanvas(response.status, response.headers.get('content-type'), () => text);
    if (why !== undefined) return { kind: 'no-answer', why };
    return { kind: 'answer', answer: remembered(response, text, call) };
  } catch (error) {
    if (error instanceof NoConnectionError) return { kind: 'no-connection' };
    const why = error instanceof TooLargeBodyError ? 'too-large' : signal.aborted ? 'late' : 'cut-off';
    return { kind: 'no-answer', why };
  }
}

/** What every request to Canvas says of itself; nothing that the browser sent is among it. */
export function headersForCanvas(accessToken: string, userAgent: string): Record<string, string> {
  return {
    authorization: `Bearer ${accessToken}`,
    // Ids are 64-bit (canvas-contract §3.3).
    accept: 'application/json+canvas-string-ids',
    // Canvas refuses requests without one.
    'user-agent': userAgent,
  };
}

/** @returns undefined for an answer of Canvas */
export function whyNotCanvas(status: number, type: string | null, text: () => string): NoAnswer | undefined {
  if (status >= 300 && status < 400) return 'redirect';
  if (/^application\/([\w.-]+\+)?json\b/i.test(type ?? '')) return undefined;
  if (status === 429 || (status === 403 && isThrottleText(type, text()))) return undefined;
  return isHtml(type, text()) ? 'page' : 'strange';
}

function remembered(response: Response, text: string, call: CanvasCall): RememberedAnswer {
  const { canvasOrigin, own, rewrite = (body) => body } = call;
  const headers: [string, string][] = [];
  for (const name of passedHeaders) {
    const value = response.headers.get(name);
    if (value !== null) headers.push([name, name === 'link' ? rewriteLink(value, canvasOrigin, own) : value]);
  }
  return { status: response.status, headers, body: rewrite(rewriteBody(text, canvasOrigin, own)) };
}
