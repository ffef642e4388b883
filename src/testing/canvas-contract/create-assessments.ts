import { expect, test } from 'vitest';
import { sampleCourses, sampleOutcomes } from '#server/school/sample/ids.ts';
import { assessmentsIn, assessmentsPath, freshKey } from './steps.ts';
import { missing, noRight, type OpenedSubject, rejection } from './subject.ts';

const { maths, choir, chess, deleted } = sampleCourses;
const path = assessmentsPath(maths);

/** `POST …/live_assessments`. */
export function describeCreateAssessments({ as, origin }: OpenedSubject): void {
  const create = (assessments: unknown, login: 'teacher' | 'ta' | 'designer' | 'student' = 'teacher') =>
    as(login).post(path, { assessments });

  test('§1.3 answers 200 with the template link and three fields', async () => {
    const key = freshKey();
    const reply = await create([
      { key, title: "Tuesday's <b>&", links: { outcome: sampleOutcomes.fractions } },
    ]);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.body).toEqual({
      links: {
        'assessments.results': `${origin()}/api/v1/courses/${maths}/live_assessments/{assessments.id}/results`,
      },
      assessments: [{ id: expect.stringMatching(/^\d+$/) as string, key, title: "Tuesday's <b>&" }],
    });
  });

  test('§1.7 escapes <, > and & inside the JSON', async () => {
    const reply = await create([{ key: freshKey(), title: '<script>&' }]);
    expect(reply.text).toContain('\\u003cscript\\u003e\\u0026');
    expect(reply.text).not.toMatch(/[<>&]/);
  });

  test('§1.6 finds an existing key, keeps its id and overwrites its title', async () => {
    const key = freshKey();
    const first = await create([{ key, title: 'one' }]);
    const again = await create([{ key, title: 'two' }], 'ta');
    expect(assessmentsIn(again)).toEqual([{ id: assessmentsIn(first)[0]?.id, key, title: 'two' }]);
  });

  test('§1.6 matches keys exactly, by case and by course', async () => {
    const key = `${freshKey()}-a`;
    const same = await create([
      { key, title: 't' },
      { key: key.toUpperCase(), title: 't' },
      { key: `${key} `, title: 't' },
    ]);
    const elsewhere = await as('teacher').post(assessmentsPath(choir), {
      assessments: [{ key, title: 't' }],
    });
    const ids = [...assessmentsIn(same), ...assessmentsIn(elsewhere)].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  test('§1.6 answers in request order, the same key twice with the same id', async () => {
    const [a, b] = [freshKey(), freshKey()];
    const reply = await create([
      { key: b, title: '1' },
      { key: a, title: '2' },
      { key: b, title: '3' },
    ]);
    const assessments = assessmentsIn(reply);
    expect(assessments.map(({ key, title }) => [key, title])).toEqual([
      [b, '1'],
      [a, '2'],
      [b, '3'],
    ]);
    expect(assessments[2]?.id).toBe(assessments[0]?.id);
  });

  test('§1.6 gives two simultaneous first requests for a key the same assessment', async () => {
    const key = freshKey();
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        create([{ key, title: String(n) }], n % 2 === 0 ? 'teacher' : 'ta'),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(new Set(replies.map((reply) => assessmentsIn(reply)[0]?.id)).size).toBe(1);
  });

  test('§1.7 answers an empty list with an empty list', async () => {
    const reply = await create([]);
    expect([reply.status, assessmentsIn(reply)]).toEqual([200, []]);
  });

  test.each([
    ['absent', undefined],
    ['null', null],
    ['an object', { 0: { key: 'k', title: 't' } }],
    ['a text', 'x'],
  ])('§1.5 step 4: assessments %s is a missing key', async (_name, value) => {
    const reply = await create(value);
    expect([reply.status, reply.body]).toEqual([400, rejection('missing required key :assessments')]);
  });

  test.each([
    ['unknown', '424242'],
    ['of no course', sampleOutcomes.unlinked],
    ['of another course', sampleOutcomes.serve],
    ['no longer linked', sampleOutcomes.linkDeleted],
    ['no id', 'abc'],
    ['empty', ''],
    ['beyond 64 bits', '99999999999999999999'],
    ['a list', [sampleOutcomes.fractions]],
  ])('§1.5 step 6a: an outcome that is %s must be linked', async (_name, outcome) => {
    // Title and key are missing too: the outcome is judged first.
    const reply = await create([{ links: { outcome } }]);
    expect([reply.status, reply.body]).toEqual([400, rejection('outcome must be linked to the context')]);
  });

  test.each([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['white space', ' \t\n'],
    ['an object', { a: 1 }],
    ['false', false],
  ])('§1.5 step 6b: a title that is %s is missing, before the key', async (_name, title) => {
    const reply = await create([{ title }]);
    expect([reply.status, reply.body]).toEqual([400, rejection('missing required key :title')]);
  });

  test.each([
    ['absent', undefined],
    ['white space', '\u00a0 '],
    ['a list', []],
  ])('§1.5 step 6c: a key that is %s is missing', async (_name, key) => {
    const reply = await create([{ title: 'x'.repeat(300), key }]);
    expect([reply.status, reply.body]).toEqual([400, rejection('missing required key :key')]);
  });

  test.each(['title', 'key'])(
    '§1.8 a %s of 255 characters passes, one of 256 is a validation error',
    async (field) => {
      const fill = (text: string) => ({ key: freshKey(), title: 't', [field]: text });
      // Characters, not UTF-16 units: each of these is two of those.
      const unique = freshKey().slice(-40);
      const longest = `${unique}${'👩'.repeat(255 - unique.length)}`;
      expect((await create([fill(longest)])).status).toBe(200);
      const reply = await create([fill(`${longest}!`)]);
      expect(reply.status).toBe(422);
      expect(reply.body).toEqual({
        errors: [{ field, message: expect.any(String) as string, error_code: 'too_long' }],
      });
    },
  );

  test('§1.6 stores nothing of a request of which one element is rejected', async () => {
    const [before, after] = [freshKey(), freshKey()];
    await create([{ key: before, title: 'old' }]);
    const reply = await create([
      { key: before, title: 'new' },
      { key: after, title: 't' },
      { key: freshKey() },
    ]);
    expect(reply.status).toBe(400);
    const listed = await listAll();
    expect(listed.find(({ key }) => key === before)?.title).toBe('old');
    expect(listed.find(({ key }) => key === after)).toBeUndefined();
  });

  test('§1.6 ignores unknown fields and §1.1 takes numbers for ids', async () => {
    const reply = await create([
      {
        key: freshKey(),
        title: 't',
        id: '1',
        note: 'x',
        links: { outcome: Number(sampleOutcomes.fractions), x: 1 },
      },
    ]);
    expect(reply.status).toBe(200);
  });

  test('§3.3 takes an outcome id beyond 2^53', async () => {
    const reply = await create([{ key: freshKey(), title: 't', links: { outcome: sampleOutcomes.bigId } }]);
    expect(reply.status).toBe(200);
  });

  test.each(['ё, e\u0301 👩🏽‍🏫 “𝒳”', "x'); drop table users; --", '{assessments.id}', '\\u0000', 'a\u2028b'])(
    '§1.1 gives the title %j back as it came',
    async (title) => {
      const reply = await create([{ key: `${freshKey()}${title}`, title }]);
      expect(assessmentsIn(reply)[0]?.title).toBe(title);
    },
  );

  test('a text no database can keep is refused, not stored in part', async () => {
    for (const title of ['a\u0000b', 'a\ud800b']) {
      expect((await create([{ key: freshKey(), title }])).status).toBe(400);
    }
  });

  test('§1.7 an element, or links, that are no object fail with the generic 500', async () => {
    for (const element of ['x', 7, null, [], { key: 'k', title: 't', links: 'x' }]) {
      const reply = await create([element]);
      expect([reply.status, reply.headers.get('content-type')]).toEqual([
        500,
        'application/json; charset=utf-8',
      ]);
      expect(reply.body).toEqual({
        errors: [{ message: 'An error occurred.', error_code: 'internal_server_error' }],
      });
    }
  });

  test('§1.4 links.outcome of null needs no right over outcomes', async () => {
    const reply = await create([{ key: freshKey(), title: 't', links: { outcome: null } }], 'ta');
    expect(reply.status).toBe(200);
  });

  test('§1.5 step 5: an assistant may not align, and nothing of the request is stored', async () => {
    const key = freshKey();
    const reply = await create(
      [
        { key, title: 't' },
        { key: freshKey(), title: 't', links: { outcome: sampleOutcomes.fractions } },
      ],
      'ta',
    );
    expect([reply.status, reply.body]).toEqual([403, noRight]);
    expect((await listAll()).find((one) => one.key === key)).toBeUndefined();
  });

  test('§1.5 existence comes before permission, permission before the shape of the body', async () => {
    const nobody = await as('student').post(assessmentsPath('424242'), {});
    expect([nobody.status, nobody.body]).toEqual([404, missing]);
    const gone = await as('teacher').post(assessmentsPath(deleted), {});
    expect([gone.status, gone.body]).toEqual([404, missing]);
    const student = await as('student').post(path, {});
    expect([student.status, student.body]).toEqual([403, noRight]);
    const stranger = await as('teacher').post(assessmentsPath(chess), {});
    expect([stranger.status, stranger.body]).toEqual([403, noRight]);
  });

  async function listAll() {
    const rows: ReturnType<typeof assessmentsIn> = [];
    for (let page = 1; ; page += 1) {
      const some = assessmentsIn(await as('teacher').get(`${path}?per_page=100&page=${String(page)}`));
      if (some.length === 0) return rows;
      rows.push(...some);
    }
  }
}
