import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '#testing/any-text.ts';
import type { AnswerFacts } from './answer.ts';
import {
  CanvasError,
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
import { judge, type ReadAnswer, type Trust } from './judge.ts';

interface Given extends Partial<Omit<ReadAnswer, 'facts' | 'text'>> {
  readonly facts?: Partial<AnswerFacts>;
  readonly trust?: Trust;
  readonly wanted?: readonly number[];
}

function answer(status: number, text: string, given: Given = {}): ReadAnswer {
  return {
    facts: { status, roundTripMs: 1, speaker: 'canvas', ...given.facts },
    contentType: given.contentType ?? 'application/json; charset=utf-8',
    authenticate: given.authenticate ?? null,
    link: null,
    text,
  };
}

/** An answer nobody marked. */
function unmarked(status: number, text: string, given: Given = {}): ReadAnswer {
  const { facts, ...rest } = answer(status, text, given);
  const { speaker: _, ...others } = facts;
  return { ...rest, facts: others };
}

function verdictOn(
  read: ReadAnswer,
  { trust = 'mark', wanted }: Pick<Given, 'trust' | 'wanted'> = {},
): unknown {
  const verdict = judge(read, trust, wanted);
  return 'error' in verdict ? verdict.error : verdict.json;
}

const html = '<!DOCTYPE html><title>Sign in to School-WiFi</title>';
const htmlType = 'text/html; charset=utf-8';
const throttleText = '403 Forbidden (Rate Limit Exceeded)\n';
const plain = 'text/plain; charset=utf-8';
const bearer = 'Bearer realm="canvas-lms"';
const unauthenticated = '{"status":"unauthenticated","errors":[{"message":"user authorization required"}]}';
const unauthorized =
  '{"status":"unauthorized","errors":[{"message":"user not authorized to perform that action"}]}';
const notThere = '{"errors":[{"message":"The specified resource does not exist."}]}';
const badRequest = '{"status":"bad_request","message":"user must be in the context"}';
const tooLong = '{"errors":[{"field":"title","message":null,"error_code":"too_long"}]}';
const generic = '{"errors":[{"message":"An error occurred.","error_code":"internal_server_error"}]}';

describe('what Canvas answers, through the gateway', () => {
  test('a success is its JSON', () => {
    expect(verdictOn(answer(200, '{"results":[]}'))).toEqual({ results: [] });
    expect(verdictOn(answer(200, 'while(1);[1]'))).toEqual([1]);
  });

  test.each<[string, ReadAnswer, abstract new (...never: never) => CanvasError]>([
    ['401 with WWW-Authenticate', answer(401, unauthenticated, { authenticate: bearer }), SignedOutError],
    [
      '401 of a revoked token',
      answer(401, '{"errors":[{"message":"Revoked access token."}]}', { authenticate: bearer }),
      SignedOutError,
    ],
    ['401 with WWW-Authenticate and no body', answer(401, '', { authenticate: bearer }), SignedOutError],
    ['401 without WWW-Authenticate (revision A)', answer(401, unauthorized), PermissionError],
    [
      '401 for a lacking scope',
      answer(401, '{"errors":[{"message":"Insufficient scopes on access token."}]}'),
      PermissionError,
    ],
    ['401 of a refused masquerade', answer(401, '{"errors":"Invalid as_user_id"}'), PermissionError],
    ['403 in Canvas’s form (revision B)', answer(403, unauthorized), PermissionError],
    ['403 of the rate limiter', answer(403, throttleText, { contentType: plain }), ThrottledError],
    ['429 as text', answer(429, 'Too Many Requests', { contentType: plain }), ThrottledError],
    ['429 as JSON', answer(429, '{"message":"slow down"}'), ThrottledError],
    ['429 without a body', answer(429, ''), ThrottledError],
    ['404 in Canvas’s form', answer(404, notThere), MissingError],
    ['400 in Canvas’s form', answer(400, badRequest), RefusedError],
    ['422 with field errors', answer(422, tooLong), RefusedError],
    ['422 without field errors', answer(422, '{"errors":[{"message":"CSRF"}]}'), UndecidedError],
    ['413', answer(413, html, { contentType: htmlType }), TooLargeError],
    ['408', answer(408, ''), UndecidedError],
    ['409', answer(409, html, { contentType: htmlType }), UndecidedError],
    ['425', answer(425, ''), UndecidedError],
    ['418, a 4xx of no list', answer(418, '{"message":"teapot"}'), UndecidedError],
    ['500 in Canvas’s form', answer(500, generic), UndecidedError],
    ['503 as a maintenance page', answer(503, html, { contentType: htmlType }), UndecidedError],
    ['302', answer(302, ''), UndecidedError],
    ['304', answer(304, ''), UndecidedError],
  ])('%s', (_, read, expected) => {
    const error = verdictOn(read);
    expect(error).toBeInstanceOf(expected);
    expect((error as CanvasError).answer).toBe(read.facts);
  });

  test.each([
    ['400 as a page', 400, html, htmlType],
    ['401 of a proxy that wants a password', 401, html, htmlType],
    ['403 as a page (school filter)', 403, html, htmlType],
    ['403 as a page that speaks of a rate limit', 403, '<p>Rate Limit Exceeded</p>', htmlType],
    ['403 as a page that calls itself text', 403, html, plain],
    ['403 as other text', 403, 'Forbidden', plain],
    ['404 as a page', 404, html, htmlType],
    ['404 without a body', 404, '', plain],
    ['404 as JSON of another kind', 404, '{"error":"no such route"}', 'application/json'],
    ['404 as a JSON array', 404, '["errors"]', 'application/json'],
    ['400 as JSON null', 400, 'null', 'application/json'],
    ['422 as a page', 422, html, htmlType],
    ['429 as a page', 429, html, htmlType],
    ['418 as a page', 418, html, htmlType],
  ])(
    '%s was written by a proxy before Canvas: nothing is concluded from it',
    (_, status, text, contentType) => {
      expect(verdictOn(answer(status, text, { contentType, authenticate: null }))).toBeInstanceOf(
        StrangerError,
      );
    },
  );

  test('a 401 with another kind of WWW-Authenticate counts only in Canvas’s form', () => {
    const basic = { authenticate: 'Basic realm="proxy"' };
    expect(verdictOn(answer(401, html, { ...basic, contentType: htmlType }))).toBeInstanceOf(StrangerError);
    expect(verdictOn(answer(401, unauthenticated, basic))).toBeInstanceOf(SignedOutError);
  });

  test('a success in no known form is a wrong shape', () => {
    const cutOff = verdictOn(answer(200, '{"results":[{"id":"9'));
    expect(cutOff).toBeInstanceOf(WrongShapeError);
    expect(cutOff).toMatchObject({ notJson: true });
    expect(verdictOn(answer(200, ''))).toMatchObject({ name: 'WrongShapeError', notJson: true });
    expect(verdictOn(answer(200, html, { contentType: htmlType }))).toMatchObject({ notJson: true });
    for (const status of [202, 204, 206]) {
      expect(verdictOn(answer(status, '{"results":[]}'))).toBeInstanceOf(WrongShapeError);
    }
  });

  test('201 and 204 are a success only where they are wanted', () => {
    expect(verdictOn(answer(201, '[]'))).toBeInstanceOf(WrongShapeError);
    expect(verdictOn(answer(201, '[]'), { wanted: [200, 201] })).toEqual([]);
    expect(verdictOn(answer(204, ''), { wanted: [204] })).toBeNull();
  });

  test('a refusal shows Canvas’s own words', () => {
    expect(verdictOn(answer(400, badRequest))).toMatchObject({ reason: 'user must be in the context' });
    expect(verdictOn(answer(422, tooLong))).toMatchObject({ reason: 'title: too_long' });
  });
});

describe('what the gateway says for itself', () => {
  const refused = (status: number, facts: Partial<AnswerFacts>) =>
    answer(status, '{"errors":[{"message":"no"}]}', { facts: { speaker: 'gateway', ...facts } });

  test.each<[string, ReadAnswer, abstract new (...never: never) => CanvasError]>([
    ['no session', refused(401, { gatewayOutcome: 'not-sent', gatewayReason: 'sign-in' }), SignedOutError],
    ['csrf', refused(403, { gatewayOutcome: 'not-sent', gatewayReason: 'csrf' }), NotSentError],
    ['deadline', refused(409, { gatewayOutcome: 'not-sent', gatewayReason: 'deadline' }), NotSentError],
    ['epoch', refused(409, { gatewayOutcome: 'not-sent', gatewayReason: 'epoch' }), NotSentError],
    [
      'not on the list',
      refused(404, { gatewayOutcome: 'not-sent', gatewayReason: 'not-allowed' }),
      NotSentError,
    ],
    [
      'no connection',
      refused(503, { gatewayOutcome: 'not-sent', gatewayReason: 'no-connection' }),
      NotSentError,
    ],
    ['a reason of a later version', refused(409, { gatewayOutcome: 'not-sent' }), NotSentError],
    ['too large', refused(413, { gatewayOutcome: 'not-sent', gatewayReason: 'too-large' }), TooLargeError],
    ['no answer', refused(504, { gatewayOutcome: 'unknown', gatewayReason: 'no-answer' }), UndecidedError],
    [
      'unknown, whatever the reason',
      refused(401, { gatewayOutcome: 'unknown', gatewayReason: 'sign-in' }),
      UndecidedError,
    ],
    ['401 without more', refused(401, {}), SignedOutError],
    ['413 without more', refused(413, {}), TooLargeError],
    ['429 without more', refused(429, {}), ThrottledError],
    ['400 without more', refused(400, {}), UndecidedError],
    ['500 without more', refused(500, {}), UndecidedError],
  ])('%s', (_, read, expected) => {
    expect(verdictOn(read)).toBeInstanceOf(expected);
  });

  test('is not believed of anybody else', () => {
    const forged = answer(409, '', { facts: { speaker: 'canvas', gatewayOutcome: 'not-sent' } });
    expect(verdictOn(forged)).toBeInstanceOf(UndecidedError);
  });
});

describe('an answer without the gateway’s mark', () => {
  const bodies = [
    unmarked(200, '{"results":[]}'),
    unmarked(200, html, { contentType: htmlType }),
    unmarked(400, badRequest),
    unmarked(401, unauthenticated, { authenticate: bearer }),
    unmarked(403, unauthorized),
    unmarked(403, throttleText, { contentType: plain }),
    unmarked(404, notThere),
    unmarked(413, ''),
    unmarked(429, ''),
    unmarked(302, ''),
    // An opaque redirect has neither status nor headers.
    unmarked(0, ''),
    unmarked(502, html, { contentType: htmlType }),
    unmarked(500, generic),
  ];

  test('counts for nothing where our gateway stands: not even an empty list', () => {
    for (const read of bodies) expect(verdictOn(read)).toBeInstanceOf(StrangerError);
  });

  test('counts by its form where there is no gateway (protocol §10)', () => {
    const names = bodies.map((read) => {
      const verdict = verdictOn(read, { trust: 'form' });
      return verdict instanceof CanvasError ? verdict.name : 'value';
    });
    expect(names).toEqual([
      'value',
      'StrangerError',
      'RefusedError',
      'SignedOutError',
      'PermissionError',
      'ThrottledError',
      'MissingError',
      'StrangerError',
      'StrangerError',
      'StrangerError',
      'StrangerError',
      'StrangerError',
      'UndecidedError',
    ]);
  });
});

test('any status, headers and body give a value or a CanvasError', () => {
  const speaker = fc.constantFrom<(AnswerFacts['speaker'] | undefined)[]>('canvas', 'gateway', undefined);
  const text = fc.oneof(fc.json(), anyText(), fc.constantFrom(html, throttleText, badRequest));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 999 }),
      speaker,
      text,
      fc.boolean(),
      (status, who, body, strict) => {
        const read =
          who === undefined ? unmarked(status, body) : answer(status, body, { facts: { speaker: who } });
        const verdict = judge(read, strict ? 'mark' : 'form');
        if ('error' in verdict) expect(verdict.error).toBeInstanceOf(CanvasError);
        else expect(status).toBe(200);
      },
    ),
  );
});
