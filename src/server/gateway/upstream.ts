/**
 * The Canvas behind the gateway: a function, in process for the embedded school, over the network for a real one.
 * Puts a request before Canvas at most once and follows no redirect.
 * @throws NoConnectionError when Canvas certainly has not got it; anything else leaves that open
 */
export type Upstream = (request: Request) => Promise<Response>;

/** An answer read to its end. */
export interface WholeAnswer {
  readonly status: number;
  /** Lower-case names; what came several times is one text. */
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
}

/**
 * The same way to Canvas for reads alone, on plain objects: most of what passes the gateway, at a third of the price.
 * Rejects as `Upstream` does, and with TooLargeBodyError.
 */
export type ReadUpstream = (question: {
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly largest: number;
  readonly limitMs: number;
}) => Promise<WholeAnswer>;

/** Canvas took too long. */
export class LateAnswerError extends Error {
  override readonly name = 'LateAnswerError';
}

/** No connection to Canvas came about, so it has not seen the request. */
export class NoConnectionError extends Error {
  override readonly name = 'NoConnectionError';
}
