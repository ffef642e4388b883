import type { GatewayReason, Speaker } from './gateway-wire.ts';

/** What every answer says besides its body, whatever its status. */
export interface AnswerFacts {
  readonly status: number;
  /** Who spoke, by the gateway's mark; absent when the answer bears none (a portal, a filter, another proxy). */
  readonly speaker?: Speaker;
  /** The gateway's stamp, to be returned on later requests. */
  readonly stamp?: string;
  /** The server's `Date`, ms since 1970. */
  readonly serverDateMs?: number;
  /** From the call of fetch to the last byte of the body, ms, monotonic. */
  readonly roundTripMs: number;
  /** `Retry-After`, ms from now. */
  readonly retryAfterMs?: number;
  /** `X-Rate-Limit-Remaining`. */
  readonly quotaRemaining?: number;
  /** Set when the gateway itself refused: what became of the request. */
  readonly gatewayOutcome?: 'not-sent' | 'unknown';
  readonly gatewayReason?: GatewayReason;
}

/** A value together with the facts of the answer that brought it. */
export interface Answered<T> {
  readonly value: T;
  readonly answer: AnswerFacts;
}

/** The part of `Response` the client uses, so that a simulator can answer with plain objects. */
export interface WireResponse {
  readonly status: number;
  /** `opaqueredirect` when the server answered with a redirect, which the client never follows. */
  readonly type?: string;
  readonly headers: { get(name: string): string | null };
  /** @throws when the body is cut off or larger than the client's limit */
  text(): Promise<string>;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/**
 * Sends one request, once. In the browser: `fetch` with `redirect: "manual"`, `cache: "no-store"`,
 * `credentials: "same-origin"` and no retrying wrapper (sync protocol §8.5).
 */
export type WireFetch = (url: string, request: WireRequest) => Promise<WireResponse>;
