import type { AnswerFacts } from './answer.ts';
import { hasFieldErrors, isCanvasForm, isHtml, isThrottleText, parseJson, reasonOf } from './canvas-form.ts';
import {
  MissingError,
  NotSentError,
  PermissionError,
  RefusedError,
  SignedOutError,
  StrangerError,
  ThrottledError,
  TooLargeError,
  UndecidedError,
  WrongShapeError,
} from './errors.ts';
import type { CanvasError } from './errors.ts';

/** An answer with its body read. */
export interface ReadAnswer {
  readonly facts: AnswerFacts;
  readonly contentType: string | null;
  readonly authenticate: string | null;
  readonly link: string | null;
  readonly text: string;
}

/** What makes an answer count as Canvas's or the gateway's. */
export type Trust =
  /** The gateway's mark: Tapmark's own gateway stands before Canvas and marks every answer. */
  | 'mark'
  /** The body's form alone (sync protocol §10, last paragraph): there is no such gateway. */
  | 'form';

/**
 * Reads status, headers and body and says what an answer means: the one place that does (sync protocol §10,
 * canvas-contract §1.4, §4, §8). When in doubt it says "undecided" or "stranger", which never lead to a mark
 * being refused, nor sent again without a look first.
 * @param wanted the statuses that are a success for this request
 * @returns the parsed JSON of a success, else the error to throw
 */
export function judge(
  answer: ReadAnswer,
  trust: Trust,
  wanted: readonly number[] = [200],
): { readonly json: unknown } | { readonly error: CanvasError } {
  const { status, speaker } = answer.facts;
  const parsed = parseJson(answer.text);
  if (status >= 200 && status < 300 && speaker === undefined && trust === 'mark') {
    return { error: new StrangerError('an answer without the gateway’s mark', answer.facts) };
  }
  if (wanted.includes(status)) {
    return status === 204 ? { json: null } : (parsed ?? { error: notJson(answer) });
  }
  if (status >= 200 && status < 300) {
    return {
      error: new WrongShapeError(`unexpected success ${status}`, {
        answer: answer.facts,
        notJson: parsed === undefined,
      }),
    };
  }
  return {
    error: speaker === 'gateway' ? gatewayRefusal(answer.facts) : refusal(answer, trust, parsed?.json),
  };
}

/** A success that is no JSON: a page put in its place when nobody vouches for it, else a broken answer. */
function notJson({ facts, contentType, text }: ReadAnswer): CanvasError {
  if (facts.speaker === undefined && isHtml(contentType, text)) return new StrangerError('a web page', facts);
  return new WrongShapeError('the body is not JSON', { answer: facts, notJson: true });
}

/** The gateway spoke for itself; its headers say what became of the request (sync protocol §13). */
function gatewayRefusal(facts: AnswerFacts): CanvasError {
  if (facts.gatewayOutcome === 'unknown') return new UndecidedError('the gateway does not know', facts);
  if (facts.gatewayReason === 'sign-in') return new SignedOutError('no session for this account', facts);
  if (facts.gatewayReason === 'too-large' || facts.status === 413)
    return new TooLargeError('too large', facts);
  if (facts.gatewayOutcome === 'not-sent') return new NotSentError('refused before forwarding', facts);
  if (facts.status === 401) return new SignedOutError('no session for this account', facts);
  if (facts.status === 429) return new ThrottledError('too many requests', facts);
  return new UndecidedError(`status ${facts.status}`, facts);
}

/** Canvas refused, or something that stands in its place. */
function refusal(answer: ReadAnswer, trust: Trust, json: unknown): CanvasError {
  const { facts } = answer;
  const throttled =
    (facts.status === 403 || facts.status === 429) && isThrottleText(answer.contentType, answer.text);
  const known = facts.speaker === 'canvas' || (trust === 'form' && (isCanvasForm(json) || throttled));
  if (!known) return new StrangerError(`status ${facts.status} from a stranger`, facts);
  if (throttled) return new ThrottledError('rate limit', facts);
  // A mark says that the answer came the right way; a proxy before Canvas may still have written it (matrix 44).
  return byStatus(answer, json) ?? new StrangerError(`status ${facts.status}, not in Canvas’s form`, facts);
}

/** @returns undefined where the status means something only in Canvas's form, and the body is not in it */
function byStatus(
  { facts, contentType, authenticate, text }: ReadAnswer,
  json: unknown,
): CanvasError | undefined {
  const inForm = isCanvasForm(json);
  switch (facts.status) {
    case 400:
      return inForm ? new RefusedError(reasonOf(json), facts) : undefined;
    case 401:
      if (/^bearer\b/i.test(authenticate ?? '')) return new SignedOutError('signed out', facts);
      if (!inForm) return undefined;
      return authenticate === null
        ? new PermissionError('no right', facts)
        : new SignedOutError('signed out', facts);
    case 403:
      return inForm ? new PermissionError('no right', facts) : undefined;
    case 404:
      return inForm ? new MissingError('not there', facts) : undefined;
    case 413:
      return new TooLargeError('too large', facts);
    case 422:
      if (hasFieldErrors(json)) return new RefusedError(reasonOf(json), facts);
      return inForm ? new UndecidedError('status 422', facts) : undefined;
    case 429:
      return isHtml(contentType, text) ? undefined : new ThrottledError('too many requests', facts);
    case 408:
    case 409:
    case 425:
      return new UndecidedError(`status ${facts.status}`, facts);
    default:
      // 3xx and 5xx say nothing definite whoever wrote the page; another 4xx must at least look like Canvas.
      return facts.status >= 400 && facts.status < 500 && !inForm
        ? undefined
        : new UndecidedError(`status ${facts.status}`, facts);
  }
}
