import type { Revision } from '../options.ts';

/**
 * An answer other than success that the contract foresees. Handlers throw it; the one error handler of the
 * school turns it into a response. Anything else that is thrown is a bug and answers `failure()`.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`refused with ${String(status)}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

const loginHeader = { 'www-authenticate': 'Bearer realm="canvas-lms"' };

/** Nobody is logged in (contract §1.4). */
export function unauthenticated(): Refusal {
  return new Refusal(
    401,
    { status: 'unauthenticated', errors: [{ message: 'user authorization required' }] },
    loginHeader,
  );
}

/** The token is no good; the reason is one of Canvas's three texts (contract §1.4). */
export function badToken(
  message: 'Invalid access token.' | 'Revoked access token.' | 'Expired access token.',
  facts: Readonly<Record<string, unknown>> = {},
): Refusal {
  return new Refusal(401, { errors: [{ message, ...facts }] }, loginHeader);
}

/** Logged in, but without the right: 403, and 401 without `WWW-Authenticate` in revision A (contract §1.9). */
export function noRight(revision: Revision): Refusal {
  return new Refusal(revision === 'A' ? 401 : 403, {
    status: 'unauthorized',
    errors: [{ message: 'user not authorized to perform that action' }],
  });
}

/** The token is good, but not for this (contract §1.4): no `WWW-Authenticate`, so it is no reason to log in again. */
export function insufficientScopes(): Refusal {
  return new Refusal(401, { errors: [{ message: 'Insufficient scopes on access token.' }] });
}

export function missing(): Refusal {
  return new Refusal(404, { errors: [{ message: 'The specified resource does not exist.' }] });
}

/** A rejection in the form of contract §1.5: `message`, and no `errors`. */
export function rejected(message: string): Refusal {
  return new Refusal(400, { status: 'bad_request', message });
}

/** The request could not be read: broken JSON, broken form, characters no database keeps. */
export function unreadable(message: string): Refusal {
  return new Refusal(400, { errors: [{ message }] });
}

export function tooLarge(): Refusal {
  return new Refusal(413, { errors: [{ message: 'The request body is too large.' }] });
}

export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly error_code: 'too_long' | 'blank' | 'inclusion';
}

/** A model validation (contract §1.5): clients rely on `field` and `error_code`. */
export function invalid(errors: readonly FieldError[]): Refusal {
  return new Refusal(422, { errors });
}

/** The generic 500, also where the contract says that Canvas fails: batches over the limit, unreadable times. */
export function failure(): Refusal {
  return new Refusal(500, {
    errors: [{ message: 'An error occurred.', error_code: 'internal_server_error' }],
  });
}
