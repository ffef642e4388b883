import type { AnswerFacts } from './answer.ts';

/*
 * The error family of the wire: one class a cause, each with its facts. Everyone decides by class, nobody by
 * message (messages are translated on the server: canvas-contract §1.4). `client.ts` is the only place that
 * reads status, headers and body to choose one.
 */

export abstract class CanvasError extends Error {
  /** Absent when no answer came. */
  readonly answer: AnswerFacts | undefined;
  constructor(message: string, answer?: AnswerFacts, cause?: unknown) {
    super(message, { cause });
    this.answer = answer;
  }
}

/** No answer: no network, connection broken, body cut off. */
export class NetworkError extends CanvasError {
  override readonly name = 'NetworkError';
}

/** The client gave up waiting. The request may still take effect. */
export class TimeoutError extends CanvasError {
  override readonly name = 'TimeoutError';
}

/** 401 with `WWW-Authenticate`, or the gateway has no session for this account: sign in again. */
export class SignedOutError extends CanvasError {
  override readonly name = 'SignedOutError';
}

/** 403 in Canvas's form, or 401 without `WWW-Authenticate`: signed in, but without the right. */
export class PermissionError extends CanvasError {
  override readonly name = 'PermissionError';
}

/** 429, or 403 with the rate limiter's plain text: not executed, try later. */
export class ThrottledError extends CanvasError {
  override readonly name = 'ThrottledError';
}

/** 404 in Canvas's form: no such course, assessment, user. */
export class MissingError extends CanvasError {
  override readonly name = 'MissingError';
}

/** 413. */
export class TooLargeError extends CanvasError {
  override readonly name = 'TooLargeError';
}

/** 400, or 422 with field errors: Canvas refused the request as a whole. */
export class RefusedError extends CanvasError {
  override readonly name = 'RefusedError';
  /** Canvas's own words, to be shown, never matched. */
  readonly reason: string;
  constructor(reason: string, answer: AnswerFacts, cause?: unknown) {
    super('Canvas refused the request', answer, cause);
    this.reason = reason;
  }
}

/** The gateway refused before forwarding: known never to have reached Canvas. */
export class NotSentError extends CanvasError {
  override readonly name = 'NotSentError';
}

/** 5xx, 408, 409, 425, any 3xx, or another status of Canvas or the gateway that says nothing definite. */
export class UndecidedError extends CanvasError {
  override readonly name = 'UndecidedError';
}

/** An answer that is not from Canvas or the gateway (sync protocol §10): a portal, a filter, a proxy's page. */
export class StrangerError extends CanvasError {
  override readonly name = 'StrangerError';
}

/** A 2xx from Canvas whose body is not what the contract says: not JSON, cut off, fields missing, too large. */
export class WrongShapeError extends CanvasError {
  override readonly name = 'WrongShapeError';
  /** True when the body was not JSON at all. */
  readonly notJson: boolean;
  constructor(message: string, facts: { answer: AnswerFacts; notJson: boolean }, cause?: unknown) {
    super(message, facts.answer, cause);
    this.notJson = facts.notJson;
  }
}
