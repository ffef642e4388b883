import type { Clock } from '#lib/clock.ts';
import type { AnswerFacts, WireFetch, WireRequest, WireResponse } from './answer.ts';
import { NetworkError, TimeoutError, WrongShapeError } from './errors.ts';
import { factsOf } from './facts.ts';
import type { ReadAnswer } from './judge.ts';

/**
 * Largest body that is read, in characters or bytes. The largest true answer, a page of 100 outcomes with long
 * descriptions, stays below; a 300 MB one must not fill the tablet's memory.
 */
export const maxBodySize = 8 * 1024 * 1024;

/** Thrown by a `WireResponse.text()` that stopped reading at `maxBodySize`. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

export interface ExchangeRequest {
  readonly url: string;
  readonly request: Omit<WireRequest, 'signal'>;
  readonly timeoutMs: number;
  /** Gives up early, as a time-out does, when whoever asked no longer wants to know. */
  readonly signal?: AbortSignal;
}

/**
 * Sends one request once and reads the whole answer. `fetch` is called before anything is awaited.
 * @throws NetworkError without an answer or when its body is cut off, TimeoutError after `timeoutMs`,
 *   WrongShapeError when the body of a success is too large
 */
export async function exchange(
  { fetch, clock }: { readonly fetch: WireFetch; readonly clock: Clock },
  { url, request, timeoutMs, signal }: ExchangeRequest,
): Promise<ReadAnswer> {
  const startedMs = clock.monotonicMs();
  const abort = new AbortController();
  const done = new AbortController();
  const answered = answerTo(() => fetch(url, { ...request, signal: abort.signal }), { clock, startedMs });
  const outOfTime = clock.sleep(timeoutMs, done.signal).then(() => 'out of time' as const);
  const givenUp = abandonment(signal, done.signal).then(() => 'given up' as const);
  try {
    const end = await Promise.race([answered, outOfTime, givenUp]);
    if (typeof end === 'object') return end;
    abort.abort();
    if (end === 'given up') throw new NetworkError('given up', undefined, signal?.reason);
    throw new TimeoutError('no answer in time');
  } finally {
    done.abort();
  }
}

/** Resolves when the caller gives up; never otherwise. */
function abandonment(signal: AbortSignal | undefined, done: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    else
      signal?.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { signal: done },
      );
  });
}

async function answerTo(
  send: () => Promise<WireResponse>,
  { clock, startedMs }: { clock: Clock; startedMs: number },
): Promise<ReadAnswer> {
  let response: WireResponse;
  try {
    response = await send();
  } catch (cause) {
    throw new NetworkError('no answer', undefined, cause);
  }
  const body = await bodyOf(response);
  const facts = factsOf(response, { roundTripMs: clock.monotonicMs() - startedMs, wallMs: clock.wallMs() });
  return {
    facts,
    contentType: response.headers.get('content-type'),
    authenticate: response.headers.get('www-authenticate'),
    link: response.headers.get('link'),
    text: 'text' in body ? body.text : textAfter(body.failure, facts),
  };
}

async function bodyOf(response: WireResponse): Promise<{ text: string } | { failure: unknown }> {
  try {
    const text = await response.text();
    return text.length > maxBodySize ? { failure: new BodyTooLargeError('body too large') } : { text };
  } catch (failure) {
    return { failure };
  }
}

/**
 * What to judge when the body could not be read. The gateway's refusals stand in headers, and an over-long error
 * page is no word of Canvas's, so both are judged without it.
 */
function textAfter(failure: unknown, facts: AnswerFacts): string {
  const succeeded = facts.status >= 200 && facts.status < 300;
  if (!succeeded && (facts.gatewayOutcome !== undefined || failure instanceof BodyTooLargeError)) return '';
  if (failure instanceof BodyTooLargeError) {
    throw new WrongShapeError('the body is too large', { answer: facts, notJson: false }, failure);
  }
  throw new NetworkError('the body was cut off', facts, failure);
}
