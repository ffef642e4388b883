import { describe, expect, it } from 'vitest';
import type { AnswerFacts } from '#canvas/answer.ts';
import {
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
  UndecidedError,
  WrongShapeError,
} from '#canvas/errors.ts';
import type { ResultRow } from '#canvas/results-api.ts';
import type { AssessmentId, ResultId, UserId } from '#domain/ids.ts';
import { buildMark } from '#testing/build-mark.ts';
import { isUndecided, judgeAnswer, judgeError, judgeReadError } from './outcomes.ts';

const answer = (status: number, facts: Partial<AnswerFacts> = {}): AnswerFacts => ({
  status,
  roundTripMs: 5,
  ...facts,
});
const [assessment, assessor] = ['5' as AssessmentId, '7' as UserId];
const marks = [1, 2].map((seq) => ({ ...buildMark({ student: String(100 + seq) as UserId }), seq }));
const row = (n: number, changes: Partial<ResultRow> = {}): ResultRow => ({
  id: String(900 + n) as ResultId,
  passed: true,
  assessedAt: marks[n - 1]!.assessedAt,
  student: marks[n - 1]!.student,
  assessor,
  assessment,
  ...changes,
});
const judge = (rows: ResultRow[]) =>
  judgeAnswer({ value: rows, answer: answer(200) }, { marks, assessment, assessor });

describe('the outcome of an attempt', () => {
  it('is accepted when each mark is matched to its own row, in any order', () => {
    expect(judge([row(2), row(1)])).toEqual({
      outcome: 'accepted',
      status: 200,
      rows: new Map([
        [1, '901'],
        [2, '902'],
      ]),
    });
  });

  it.each([
    ['a row is missing', [row(1)]],
    ['a row is of the other value', [row(1), row(2, { passed: false })]],
    ['a row is of another assessment', [row(1), row(2, { assessment: '6' as AssessmentId })]],
    ['a row is of another second', [row(1), row(2, { assessedAt: '2026-11-23T11:59:59Z' })]],
    ['a row has a fraction of a second', [row(1), row(2, { assessedAt: '2026-11-23T09:00:02.500Z' })]],
    ['one row stands there twice', [row(1), row(1), row(2)]],
    ['there is a row too many', [row(1), row(2), row(2, { id: '999' as ResultId })]],
    ['there are no rows', []],
  ])('is unknown when %s', (_what, rows) => {
    expect(judge(rows)).toEqual({ outcome: 'unknown', status: 200 });
  });

  it('is unknown and closes identity when a row bears another assessor', () => {
    expect(judge([row(1), row(2, { assessor: '8' as UserId })])).toMatchObject({
      outcome: 'unknown',
      closes: 'identity',
    });
  });

  it('is refused-batch for 400, and for 422 with field errors', () => {
    for (const status of [400, 422])
      expect(judgeError(new RefusedError('because', answer(status)))).toEqual({
        outcome: 'refused-batch',
        status,
        reason: 'because',
      });
  });

  it.each([
    [new SignedOutError('', answer(401)), 'auth'],
    [new PermissionError('', answer(403)), 'permission'],
    [new PermissionError('', answer(401)), 'permission'],
    [new MissingError('', answer(404)), 'missing'],
    [new ThrottledError('', answer(403)), 'throttle'],
    [new ThrottledError('', answer(429)), 'throttle'],
    [new TooLargeError('', answer(413)), 'too-large'],
  ])('is refused-gate for %s: %s', (error, closes) => {
    expect(judgeError(error)).toMatchObject({ outcome: 'refused-gate', closes });
  });

  it('is not-sent for a refusal of the gateway before forwarding, and closes auth where it says so', () => {
    const refusal = (gatewayReason: AnswerFacts['gatewayReason']) =>
      judgeError(
        new NotSentError('', answer(503, { gatewayReason: gatewayReason!, gatewayOutcome: 'not-sent' })),
      );
    for (const reason of ['deadline', 'epoch', 'stamp', 'barred', 'no-connection', 'starting'] as const)
      expect(refusal(reason)).toEqual({ outcome: 'not-sent', status: 503 });
    for (const reason of ['sign-in', 'csrf'] as const)
      expect(refusal(reason)).toEqual({ outcome: 'not-sent', status: 503, closes: 'auth' });
  });

  it.each([302, 408, 409, 425, 500, 502, 503, 504, 418])('is unknown for %i', (status) => {
    expect(judgeError(new UndecidedError('', answer(status)))).toEqual({ outcome: 'unknown', status });
  });

  it.each([
    new NetworkError('gone'),
    new NetworkError('cut off', answer(200)),
    new TimeoutError('late'),
    new StrangerError('portal', answer(200)),
    new StrangerError('filter', answer(403)),
    new WrongShapeError('not JSON', { answer: answer(200), notJson: true }),
  ])('is unknown and closes unreachable for %s', (error) => {
    expect(judgeError(error)).toMatchObject({ outcome: 'unknown', closes: 'unreachable' });
  });

  it('is unknown for a 2xx of another shape, and closes nothing', () => {
    const error = new WrongShapeError('odd', { answer: answer(200), notJson: false });
    expect(judgeError(error)).toEqual({ outcome: 'unknown', status: 200 });
  });

  it('is unknown for whatever else is thrown: the request may be on its way', () => {
    expect(judgeError(new TypeError('a bug'))).toEqual({ outcome: 'unknown' });
  });

  it('counts towards a split only after 5xx, or a 4xx that the table does not name', () => {
    expect([500, 502, 599, 418, 451].every(isUndecided)).toBe(true);
    expect([200, 302, 400, 403, 404, 408, 409, 413, 422, 425, 429, undefined].some(isUndecided)).toBe(false);
  });

  it('does not count a stranger’s 4xx, but does count a proxy’s 5xx', () => {
    expect(judgeError(new StrangerError('', answer(418)))).not.toHaveProperty('status');
    expect(judgeError(new StrangerError('', answer(502)))).toMatchObject({ status: 502 });
  });
});

describe('a read that failed', () => {
  it.each([
    [new SignedOutError('', answer(401)), 'auth'],
    [new PermissionError('', answer(403)), 'no-readback'],
    [new RefusedError('', answer(400)), 'no-readback'],
    [new MissingError('', answer(404)), 'missing'],
    [new ThrottledError('', answer(429)), 'throttle'],
    [new NetworkError(''), 'unreachable'],
    [new StrangerError('', answer(200)), 'unreachable'],
    [new WrongShapeError('', { answer: answer(200), notJson: true }), 'unreachable'],
    [new UndecidedError('', answer(500)), undefined],
    [new WrongShapeError('', { answer: answer(200), notJson: false }), undefined],
  ])('%s closes %s', (error, gate) => {
    expect(judgeReadError(error)).toBe(gate);
  });
});
