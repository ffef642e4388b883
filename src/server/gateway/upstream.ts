/**
 * The Canvas behind the gateway: a function, in process for the embedded school, over the network for a real one.
 * Puts a request before Canvas at most once and follows no redirect.
 * @throws NoConnectionError when Canvas certainly has not got it; anything else leaves that open
 */
export type Upstream = (request: Request) => Promise<Response>;

/** No connection to Canvas came about, so it has not seen the request. */
export class NoConnectionError extends Error {
  override readonly name = 'NoConnectionError';
}
