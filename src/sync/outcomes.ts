import type { Answered } from '#canvas/answer.ts';
import {
  CanvasError,
  MissingError,
  NetworkError,
  NotSentError,
  PermissionError,
  RefusedError,
  SignedOutError,
  StrangerError,
  ThrottledError,
  TimeoutError,
  TooLargeError,
  WrongShapeError,
} from '#canvas/errors.ts';
import type { ResultRow } from '#canvas/results-api.ts';
import type { AssessmentId, ResultId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { indexRows, matchRows } from './row-matching.ts';

/** What became of an attempt: the table of sync protocol §10, which is the only one. */
export type Verdict =
  | { readonly outcome: 'accepted'; readonly status: number; readonly rows: ReadonlyMap<number, ResultId> }
  | { readonly outcome: 'refused-batch'; readonly status: number; readonly reason: string }
  | {
      readonly outcome: 'refused-gate';
      readonly status?: number;
      readonly closes: 'auth' | 'permission' | 'missing' | 'throttle' | 'too-large';
    }
  | { readonly outcome: 'not-sent'; readonly status?: number; readonly closes?: 'auth' }
  | {
      readonly outcome: 'unknown';
      readonly status?: number;
      readonly closes?: 'unreachable' | 'identity';
    };

interface Sent {
  readonly marks: readonly Pick<Mark, 'seq' | 'student' | 'passed' | 'assessedAt'>[];
  readonly assessment: AssessmentId;
  readonly assessor: UserId;
}

/** Judges a 2xx: accepted only if each mark is matched to its own row and no row is left over. */
export function judgeAnswer(answered: Answered<readonly ResultRow[]>, sent: Sent): Verdict {
  const { status } = answered.answer;
  const rows = answered.value;
  if (rows.some((row) => row.assessor !== sent.assessor))
    return { outcome: 'unknown', status, closes: 'identity' };
  const matched = matchRows(sent.marks, indexRows(rows, sent));
  const exact = matched.size === sent.marks.length && rows.length === sent.marks.length;
  return exact ? { outcome: 'accepted', status, rows: matched } : { outcome: 'unknown', status };
}

/** Judges everything that is not a 2xx in form. Whatever is not known to be harmless is `unknown`. */
export function judgeError(error: unknown): Verdict {
  const answer = error instanceof CanvasError ? error.answer : undefined;
  // What a stranger answered says nothing about the marks.
  const stranger = error instanceof StrangerError && (answer?.status ?? 0) < 500;
  const status = answer === undefined || stranger ? {} : { status: answer.status };
  if (error instanceof RefusedError && answer !== undefined)
    return { outcome: 'refused-batch', status: answer.status, reason: error.reason };
  if (error instanceof NotSentError) {
    const closes = isSignIn(error) ? ({ closes: 'auth' } as const) : {};
    return { outcome: 'not-sent', ...status, ...closes };
  }
  const gate = refusedGateOf(error);
  if (gate !== undefined) return { outcome: 'refused-gate', ...status, closes: gate };
  const closes = isUnreachable(error) ? ({ closes: 'unreachable' } as const) : {};
  return { outcome: 'unknown', ...status, ...closes };
}

function refusedGateOf(
  error: unknown,
): 'auth' | 'permission' | 'missing' | 'throttle' | 'too-large' | undefined {
  if (error instanceof SignedOutError) return 'auth';
  if (error instanceof PermissionError) return 'permission';
  if (error instanceof MissingError) return 'missing';
  if (error instanceof ThrottledError) return 'throttle';
  if (error instanceof TooLargeError) return 'too-large';
  return undefined;
}

/** The gateway wants a sign-in, or doubts that the request came from our own page. */
export function isSignIn(error: unknown): boolean {
  const reason = error instanceof NotSentError ? error.answer?.gatewayReason : undefined;
  return reason === 'sign-in' || reason === 'csrf';
}

/** No answer, or one that is not from Canvas or the gateway. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    error instanceof StrangerError ||
    (error instanceof WrongShapeError && error.notJson)
  );
}

const listedInTable = new Set([400, 401, 403, 404, 408, 409, 413, 422, 425, 429]);

/** An answer of 5xx, or of a 4xx the table does not name: three absences after such split a batch (§11). */
export function isUndecided(status: number | undefined): boolean {
  if (status === undefined) return false;
  return status >= 500 || (status >= 400 && !listedInTable.has(status));
}

/** What a failed read says about its lane; nothing: try again later. */
export type ReadTrouble = 'auth' | 'no-readback' | 'missing' | 'throttle' | 'unreachable' | undefined;

/** Judges a read that failed: a list refused for want of rights is `no-readback`, whatever the words. */
export function judgeReadError(error: unknown): ReadTrouble {
  if (error instanceof SignedOutError || isSignIn(error)) return 'auth';
  if (error instanceof PermissionError || error instanceof RefusedError) return 'no-readback';
  if (error instanceof MissingError) return 'missing';
  if (error instanceof ThrottledError) return 'throttle';
  return isUnreachable(error) ? 'unreachable' : undefined;
}

/** The gateway has heard a newer sender of this installation: a restored backup, or another tab. */
export function isOldEpoch(error: unknown): boolean {
  return error instanceof NotSentError && error.answer?.gatewayReason === 'epoch';
}
