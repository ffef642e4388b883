import {
  noAnswerHeader,
  outcomeHeader,
  reasonHeader,
  speakerHeader,
  stampHeader,
  type GatewayReason,
  type NoAnswer,
} from '#canvas/gateway-wire.ts';
import type { AttemptEnd } from './attempts/ledger.ts';
import type { RememberedAnswer } from './attempts/record.ts';

/** The status that goes with a refusal of the gateway's own; whatever is in doubt is a 504. */
const statusOf: Readonly<Record<GatewayReason, number>> = {
  'sign-in': 401,
  csrf: 403,
  deadline: 409,
  epoch: 409,
  stamp: 409,
  mismatch: 409,
  barred: 409,
  'no-connection': 503,
  'no-answer': 504,
  'too-large': 413,
  'not-allowed': 404,
  starting: 503,
};

/** For people who look at the wire; the client goes by the headers. */
const wordsOf: Readonly<Record<GatewayReason, string>> = {
  'sign-in': 'Nobody is signed in here for this account.',
  csrf: 'This did not come from our own page.',
  deadline: 'This attempt arrived too late to be forwarded.',
  epoch: 'A newer sender of this device has been heard.',
  stamp: 'This attempt bears no valid stamp.',
  mismatch: 'This attempt id was used for something else.',
  barred: 'This attempt id was barred.',
  'no-connection': 'Canvas could not be reached.',
  'no-answer': 'Canvas gave no answer.',
  'too-large': 'This is too large to be forwarded.',
  'not-allowed': 'The gateway forwards no such request.',
  starting: 'The server is starting or stopping.',
};

/** An answer of the gateway's own under `/api/v1` or `/tapmark`. */
export function gatewayAnswer(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: {
      ...(status === 204 ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      'cache-control': 'no-store',
      [speakerHeader]: 'gateway',
      ...headers,
    },
  });
}

/** A refusal; `outcome` says what became of the request, `why` what came instead of an answer. */
export function refusal(
  reason: GatewayReason,
  outcome: 'not-sent' | 'unknown' = 'not-sent',
  why?: NoAnswer,
): Response {
  return gatewayAnswer(
    { status: 'refused', reason, errors: [{ message: wordsOf[reason] }] },
    outcome === 'unknown' ? 504 : statusOf[reason],
    {
      [outcomeHeader]: outcome,
      [reasonHeader]: reason,
      ...(why === undefined ? {} : { [noAnswerHeader]: why }),
    },
  );
}

/** Canvas's answer, given (again) as it was. */
export function canvasAnswer(answer: RememberedAnswer): Response {
  const headers = new Headers(answer.headers.map(([name, value]): [string, string] => [name, value]));
  headers.set('cache-control', 'no-store');
  headers.set(speakerHeader, 'canvas');
  const empty = answer.status === 204 || answer.status === 205;
  return new Response(empty ? null : answer.body, { status: answer.status, headers });
}

export function attemptAnswer(end: AttemptEnd): Response {
  return end.kind === 'answer' ? canvasAnswer(end.answer) : refusal(end.reason, end.outcome, end.why);
}

/** Stamps an answer as it leaves. */
export function stamped(response: Response, stamp: string): Response {
  response.headers.set(stampHeader, stamp);
  return response;
}
