import { expect, test } from 'vitest';
import { sampleCourses, samplePeople } from '#server/school/sample/ids.ts';
import { makeAssessment, result, resultsIn, resultsPath, storedResults } from './steps.ts';
import { genericFailure, missing, noRight, type OpenedSubject, rejection } from './subject.ts';

const { maths, choir, chess } = sampleCourses;
/** Two ordinary students of the maths class. */
const [ann, bob] = ['1002', '1003'];

/** `POST …/results`. */
export function describeCreateResults({ as }: OpenedSubject): void {
  const teacher = as('teacher');
  const post = async (results: unknown, assessment?: string) => {
    const id = assessment ?? (await makeAssessment(teacher, maths));
    return teacher.post(resultsPath(maths, id), { results });
  };

  test('§1.3 answers each result with its links, ids as strings, times in whole seconds of UTC', async () => {
    const assessment = await makeAssessment(teacher, maths);
    const reply = await post(
      [
        result(ann, { passed: false, assessed_at: '2014-05-26T14:57:23-07:00' }),
        result(bob, { assessed_at: '2014-05-26T13:05:40.999-07:00' }),
      ],
      assessment,
    );
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    const anyId = expect.stringMatching(/^\d+$/) as string;
    const links = { assessor: samplePeople.teacher, assessment };
    expect(reply.body).toEqual({
      results: [
        { id: anyId, passed: false, assessed_at: '2014-05-26T21:57:23Z', links: { user: ann, ...links } },
        { id: anyId, passed: true, assessed_at: '2014-05-26T20:05:40Z', links: { user: bob, ...links } },
      ],
    });
  });

  test('§1.6 groups the answer by user, in order of first appearance', async () => {
    const reply = await post([
      result(bob, { assessed_at: '2026-09-01T08:00:01Z' }),
      result(ann, { assessed_at: '2026-09-01T08:00:02Z' }),
      result(bob, { assessed_at: '2026-09-01T08:00:03Z' }),
    ]);
    expect(resultsIn(reply).map((row) => [row.links.user, row.assessed_at.slice(-3)])).toEqual([
      [bob, '01Z'],
      [bob, '03Z'],
      [ann, '02Z'],
    ]);
  });

  test('§1.6 takes "15" and 15 for two groups of one student', async () => {
    const reply = await post([result(ann), result(bob), result(Number(ann), { passed: false })]);
    expect(resultsIn(reply).map((row) => [row.links.user, row.passed])).toEqual([
      [ann, true],
      [bob, true],
      [ann, false],
    ]);
  });

  test('§1.6 stores a repeated request again: there is no idempotency', async () => {
    const assessment = await makeAssessment(teacher, maths);
    const first = resultsIn(await post([result(ann)], assessment));
    const second = resultsIn(await post([result(ann)], assessment));
    expect(first[0]?.id).not.toBe(second[0]?.id);
    expect(await storedResults(teacher, maths, assessment)).toHaveLength(2);
  });

  test('§1.6 deals ids in the order of the answer and lists rows by id', async () => {
    const assessment = await makeAssessment(teacher, maths);
    const answered = resultsIn(
      await post(
        Array.from({ length: 60 }, (_, n) => result([ann, bob, '1004'][n % 3], { passed: n % 2 === 0 })),
        assessment,
      ),
    );
    const ids = answered.map(({ id }) => BigInt(id));
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
    expect(await storedResults(teacher, maths, assessment)).toEqual(answered);
  });

  test.each([
    ['invited', '1009'],
    ['with an id beyond 2^53', samplePeople.bigId],
    ['a teacher', samplePeople.coteacher],
    ['an observer', samplePeople.observer],
    ['the Test Student', samplePeople.testStudent],
  ])('§1.5 somebody who is %s is in the course', async (_name, user) => {
    expect(resultsIn(await post([result(user)]))[0]?.links.user).toBe(user);
  });

  test('§3.3 reads an id beyond 2^53 exactly, also when it is sent as a number', async () => {
    const assessment = await makeAssessment(teacher, maths);
    const reply = await teacher.send({
      method: 'POST',
      path: resultsPath(maths, assessment),
      headers: { 'content-type': 'application/json' },
      body: `{"results":[{"passed":true,"assessed_at":"2026-09-01T08:00:00Z","links":{"user":${samplePeople.bigId}}}]}`,
    });
    expect(resultsIn(reply)[0]?.links.user).toBe(samplePeople.bigId);
  });

  test.each([
    ['who has left', samplePeople.hasLeft],
    ['who is inactive', samplePeople.isInactive],
    ['of another course', '1222'],
    ['unknown', '424242'],
    ['that is no id', 'abc'],
    ['in SIS form', 'sis_user_id:S1002'],
    ['that is empty', ''],
    ['beyond 64 bits', '99999999999999999999'],
    ['that is a fraction', 1002.5],
    ['that is a list', [ann]],
    ['that is negative', -1],
  ])('§1.5 step 7: a user %s must be in the context, and the whole batch is refused', async (_name, user) => {
    const assessment = await makeAssessment(teacher, maths);
    const reply = await post([result(ann), result(user), result(bob)], assessment);
    expect([reply.status, reply.body]).toEqual([400, rejection('user must be in the context')]);
    expect(await storedResults(teacher, maths, assessment)).toEqual([]);
  });

  test.each([
    ['links absent', { passed: true, assessed_at: '2026-09-01T08:00:00Z' }],
    ['links null', { passed: true, assessed_at: '2026-09-01T08:00:00Z', links: null }],
    ['user absent', { passed: true, assessed_at: '2026-09-01T08:00:00Z', links: {} }],
    ['user null', result(null)],
    ['user false', result(false)],
  ])('§1.5 step 7: with %s the user is missing', async (_name, element) => {
    const reply = await post([result(ann), element]);
    expect([reply.status, reply.body]).toEqual([400, rejection('missing required key :user')]);
  });

  test('§1.5 judges group by group: the first student’s results before the second student', async () => {
    const reply = await post([result(ann), result('424242'), result(ann, { passed: null })]);
    expect(reply.body).toEqual(rejection('missing required key :passed'));
  });

  test.each([
    ['absent', undefined],
    ['null', null],
  ])('§1.5 step 8: passed %s is missing, before assessed_at', async (_name, passed) => {
    const reply = await post([result(ann, { passed, assessed_at: ' ' })]);
    expect([reply.status, reply.body]).toEqual([400, rejection('missing required key :passed')]);
  });

  test.each([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['white space', ' \n'],
  ])('§1.5 step 8: assessed_at %s is missing', async (_name, assessedAt) => {
    const reply = await post([result(ann, { assessed_at: assessedAt })]);
    expect([reply.status, reply.body]).toEqual([400, rejection('missing required key :assessed_at')]);
  });

  test.each([false, 'false', '0', 0, 'f', 'F', 'FALSE', 'off', 'OFF'])(
    '§1.7 passed %j is a fail',
    async (passed) => {
      expect(resultsIn(await post([result(ann, { passed })]))[0]?.passed).toBe(false);
    },
  );

  test.each([true, 'true', '1', 1, 2, 'yes', 'no', 'False', ' ', {}, []])(
    '§1.7 passed %j is a pass',
    async (passed) => {
      expect(resultsIn(await post([result(ann, { passed })]))[0]?.passed).toBe(true);
    },
  );

  test('§1.7 passed of no characters is a validation error', async () => {
    const reply = await post([result(ann, { passed: '' })]);
    expect([reply.status, reply.body]).toEqual([
      422,
      { errors: [{ field: 'passed', message: expect.any(String) as string, error_code: 'inclusion' }] },
    ]);
  });

  test.each([
    ['2026-09-01T08:00:00Z', '2026-09-01T08:00:00Z'],
    ['2026-09-01T08:00:00.999999Z', '2026-09-01T08:00:00Z'],
    ['2026-09-01T10:00:00+02:00', '2026-09-01T08:00:00Z'],
    ['2026-09-01T10:00:00+0200', '2026-09-01T08:00:00Z'],
    ['2026-09-01T10:00+02', '2026-09-01T08:00:00Z'],
    ['2026-08-31 22:30:00 -09:30', '2026-09-01T08:00:00Z'],
    ['1969-12-31T23:59:58.5Z', '1969-12-31T23:59:58Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['2199-01-01T00:00:00Z', '2199-01-01T00:00:00Z'],
  ])('§1.7 reads %s as %s', async (sent, got) => {
    expect(resultsIn(await post([result(ann, { assessed_at: sent })]))[0]?.assessed_at).toBe(got);
  });

  test.each([
    // The teacher lives in Amsterdam: summer, winter, the hour left out and the hour that comes twice.
    ['2026-09-01T10:00:00', '2026-09-01T08:00:00Z'],
    ['2026-01-10 10:00', '2026-01-10T09:00:00Z'],
    ['2026-09-01', '2026-08-31T22:00:00Z'],
    ['2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
    ['2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
  ])('§1.7 reads %s, without an offset, in the caller’s zone', async (sent, got) => {
    expect(resultsIn(await post([result(ann, { assessed_at: sent })]))[0]?.assessed_at).toBe(got);
  });

  test('§1.7 somebody without a zone of their own uses the account’s', async () => {
    const assessment = await makeAssessment(teacher, maths);
    const results = [result(ann, { assessed_at: '2026-09-01T10:00:00' })];
    const coteacher = await as('coteacher').post(resultsPath(maths, assessment), { results });
    expect(resultsIn(coteacher)[0]?.assessed_at).toBe('2026-09-01T10:00:00Z');
  });

  test.each([
    '2014-13-05T00:00:00Z',
    '2026-02-29',
    'x',
    '08:00',
    '2026-09-01T24:00:00Z',
    '2026-09-01T08:00:60Z',
    '2026-09-01T08:00:00+25:00',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    1788249600,
    true,
    ['2026-09-01'],
  ])('§1.7 an assessed_at of %j fails with the generic 500 and stores nothing', async (assessedAt) => {
    const assessment = await makeAssessment(teacher, maths);
    const reply = await post([result(ann), result(bob, { assessed_at: assessedAt })], assessment);
    expect([reply.status, reply.body]).toEqual([500, genericFailure]);
    expect(await storedResults(teacher, maths, assessment)).toEqual([]);
  });

  test.each([['x'], [7], [null], [[]], [{ links: 'x' }], [{ links: [] }], [{ links: 3 }]])(
    '§1.7 the element %j fails with the generic 500',
    async (element) => {
      const reply = await post([result(ann), element]);
      expect([reply.status, reply.body]).toEqual([500, genericFailure]);
    },
  );

  test('§1.7 answers an empty list with an empty list', async () => {
    const reply = await post([]);
    expect([reply.status, reply.body]).toEqual([200, { results: [] }]);
  });

  test.each([
    ['absent', undefined],
    ['null', null],
    ['an object with numbers for keys', { 0: result(ann) }],
    ['a text', '[]'],
  ])('§1.5 step 5: results %s is a missing key', async (_name, results) => {
    const reply = await post(results);
    expect([reply.status, reply.body]).toEqual([400, rejection('missing required key :results')]);
  });

  test('§1.5 step 6: takes 10,000 results at once and fails on one more', async () => {
    const assessment = await makeAssessment(teacher, maths);
    const many = Array.from({ length: 10_000 }, () => result(ann));
    expect(resultsIn(await post(many, assessment))).toHaveLength(10_000);
    const reply = await post([...many, result(ann)], assessment);
    expect([reply.status, reply.body]).toEqual([500, genericFailure]);
    const last = await teacher.get(`${resultsPath(maths, assessment)}?per_page=1&page=10001`);
    expect(resultsIn(last)).toEqual([]);
  });

  test('§1.6 ignores what a client adds, the assessor too', async () => {
    const reply = await post([{ ...result(ann), id: '1', note: 'x', links: { user: ann, assessor: bob } }]);
    expect(resultsIn(reply)[0]?.links.assessor).toBe(samplePeople.teacher);
  });

  test('§1.1 names the one who marked, not the one who made the assessment', async () => {
    const assessment = await makeAssessment(teacher, maths);
    const reply = await as('ta').post(resultsPath(maths, assessment), { results: [result(ann)] });
    expect(resultsIn(reply)[0]?.links.assessor).toBe(samplePeople.ta);
  });

  test('§1.5 the order of checks: course, assessment, its course, right, body', async () => {
    const assessment = await makeAssessment(teacher, maths);
    const student = as('student');
    const noCourse = await student.post(resultsPath('424242', assessment), {});
    expect([noCourse.status, noCourse.body]).toEqual([404, missing]);
    const noAssessment = await student.post(resultsPath(maths, '424242'), {});
    expect([noAssessment.status, noAssessment.body]).toEqual([404, missing]);
    const elsewhere = rejection('assessment does not belong to the given context');
    const wrongCourse = await student.post(resultsPath(choir, assessment), {});
    expect([wrongCourse.status, wrongCourse.body]).toEqual([400, elsewhere]);
    const noRightAtAll = await student.post(resultsPath(maths, assessment), {});
    expect([noRightAtAll.status, noRightAtAll.body]).toEqual([403, noRight]);
    const ofOthers = await makeAssessment(as('coteacher'), chess);
    const stranger = await teacher.post(resultsPath(chess, ofOthers), {});
    expect([stranger.status, stranger.body]).toEqual([403, noRight]);
  });

  test('§1.6 two batches at once are both stored whole', async () => {
    const assessment = await makeAssessment(teacher, maths);
    const batch = (user: string) => Array.from({ length: 50 }, () => result(user));
    const replies = await Promise.all(
      [ann, bob, '1004', '1005'].map((user) => post(batch(user), assessment)),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await storedResults(teacher, maths, assessment)).toHaveLength(200);
  });
}
