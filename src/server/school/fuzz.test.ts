import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assessmentsIn } from '#testing/canvas-contract/steps.ts';
import { readReply } from '#testing/canvas-contract/subject.ts';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';

/*
 * Requests nobody would send on purpose. The contract allows a 500 in three places, all of them POSTs of
 * Canvas's own making (§1.7); anything else that is 5xx, or that nobody foresaw, is a bug of ours. FUZZ_RUNS sets how
 * many requests are made of SQLite; PostgreSQL gets a fifth of them.
 */

const runs = Number(process.env['FUZZ_RUNS'] ?? 1500);
/** The first that is made in a school. */
const assessment = '1';

const id = fc.oneof(
  fc.constantFrom(
    '101',
    '102',
    '105',
    '106',
    '1',
    '0',
    '-1',
    'self',
    '9007199254740993',
    '9223372036854775808',
  ),
  fc.constantFrom('sis_course_id:MATH-7B', '%00', '%2e%2e', '1e3', '', ' ', '١٢', '101.json'),
  fc.string({ maxLength: 12 }).map((text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?'))),
);
const path = fc.oneof(
  fc.tuple(id, id).map(([course, other]) => `/api/v1/courses/${course}/live_assessments/${other}/results`),
  id.map((other) => `/api/v1/courses/101/live_assessments/${other}/results`),
  fc.constant(`/api/v1/courses/101/live_assessments/${assessment}/results`),
  id.map((course) => `/api/v1/courses/${course}/live_assessments`),
  fc.constantFrom('/api/v1/courses/101/live_assessments', '/api/v1/courses', '/api/v1/users/self'),
  fc
    .tuple(
      id,
      fc.constantFrom(
        'users',
        'sections',
        'groups',
        'outcome_groups',
        'outcome_group_links',
        'outcome_results',
        'outcome_rollups',
        '',
      ),
    )
    .map(([course, list]) => `/api/v1/courses/${course}/${list}`),
  id.map((group) => `/api/v1/groups/${group}/users`),
  id.map((outcome) => `/api/v1/outcomes/${outcome}`),
  fc.constantFrom('/login/oauth2/auth', '/login/oauth2/token', '/login/oauth2/style.css'),
  fc.webPath(),
);

const name = fc.oneof(
  fc.constantFrom('page', 'per_page', 'user_id', 'include[]', 'include', 'search_term', 'enrollment_type[]'),
  fc.constantFrom(
    'enrollment_state[]',
    'enrollment_state',
    'section_ids[]',
    'user_ids[]',
    'state[]',
    'access_token',
    'as_user_id',
  ),
  fc.constantFrom(
    ...['outcome_ids[]', 'outcome_ids', 'exclude[]', 'aggregate', 'aggregate_stat', 'sort_by', 'sort_order'],
    ...['sort_outcome_id', 'sort', 'only_own_groups', 'exclude_inactive', 'collaboration_state'],
  ),
  fc.constantFrom(
    'outcome_style',
    'client_id',
    'redirect_uri',
    'code',
    'grant_type',
    'a[b][]',
    '__proto__[x]',
  ),
  fc.string({ maxLength: 10 }),
);
const text = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1',
    '100',
    '1e9',
    'null',
    'active',
    'student',
    'full',
    ...['true', 'course', 'median', 'student', 'outcome', 'desc', 'email', 'sis_id', 'missing_user_rollups'],
    ...['users', 'enrollments', 'total_students', 'students', 'outcomes', 'alignments', '201', '15'],
    '\0',
    '\ud800',
    '%',
    "'--",
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const query = fc
  .array(fc.tuple(name, text), { maxLength: 4 })
  .map((pairs) => new URLSearchParams(pairs).toString());

const value = fc.oneof(
  fc.constantFrom<unknown>(
    '1002',
    1002,
    '9007199254740993',
    '15',
    '201',
    null,
    true,
    '',
    '2026-09-01T08:00:00Z',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const element = fc.oneof(
  fc.record(
    {
      key: fc.oneof(text, value),
      title: fc.oneof(text, value),
      passed: value,
      assessed_at: fc.oneof(text, value, fc.date().map(String)),
      links: fc.oneof(value, fc.record({ user: value, outcome: value }, { requiredKeys: [] })),
    },
    { requiredKeys: [] },
  ),
  value,
);
const list = fc.oneof(fc.array(element, { maxLength: 5 }), value);
const json = fc
  .record({ assessments: list, results: list, page: value, login: value, code: value }, { requiredKeys: [] })
  .map((body) => JSON.stringify(body));
const body = fc.oneof(
  { weight: 5, arbitrary: json },
  { weight: 1, arbitrary: json.map((whole) => whole.slice(0, -2)) },
  {
    weight: 1,
    arbitrary: fc.array(fc.tuple(name, text)).map((pairs) => new URLSearchParams(pairs).toString()),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
);
const type = fc.constantFrom(
  'application/json',
  'application/json',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/html',
  '',
);
const method = fc.constantFrom('GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD');
const accept = fc.constantFrom('*/*', 'text/html', 'application/json+canvas-string-ids', 'x');

onEachDatabase((newUrl) => {
  let sample: SampleSchool;
  let tokens: string[];
  const secret = 'nobody else may read this';
  const administrator = 4;
  beforeAll(async () => {
    sample = await openSampleSchool({ url: await newUrl() });
    tokens = await Promise.all(
      ['teacher', 'ta', 'designer', 'student', 'admin'].map((login) => sample.tokenFor(login)),
    );
    const response = await sample.send(tokens[0], '/api/v1/courses/101/live_assessments', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"assessments":[{"key":"k","title":"t"}]}',
    });
    expect(assessmentsIn(await readReply(response))[0]?.id).toBe(assessment);
    // In a course that none but the administrator of those who ask have a part in.
    await sample.send(await sample.tokenFor('coteacher'), '/api/v1/courses/105/live_assessments', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ assessments: [{ key: secret, title: secret }] }),
    });
  });
  afterAll(() => sample.close());

  test(
    'no request makes the school fail in a way the contract does not have',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({ path, query, method, body, type, accept, who: fc.nat(5) }),
          async ({ path, query, method, body, type, accept, who }) => {
            const sendsBody = method !== 'GET' && method !== 'HEAD';
            // Ends the token that is sent: with it, all that follows would stop at the door.
            const isEnd = method === 'DELETE' && path === '/login/oauth2/token';
            const response = await sample.send(isEnd ? undefined : tokens[who], `${path}?${query}`, {
              method,
              headers: { accept, 'content-type': type },
              ...(sendsBody ? { body: Buffer.from(body) } : {}),
            });
            const answer = await response.text();
            expect(sample.unexpected).toEqual([]);
            if (response.status >= 500) {
              expect([method, response.status]).toEqual(['POST', 500]);
              expect(path).toMatch(/live_assessments/);
              expect(answer).toContain('internal_server_error');
            }
            if (who !== administrator) expect(answer).not.toContain(secret);
            if ((response.headers.get('content-type') ?? '').includes('json') && method !== 'HEAD')
              JSON.parse(answer);
          },
        ),
        { numRuns: sample.database.dialect === 'sqlite' ? runs : Math.ceil(runs / 5) },
      );
    },
    120_000 + runs * 20,
  );

  test('a body nested or large beyond reason is refused, and soon', async () => {
    const post = (body: string, type = 'application/json') =>
      sample.send(tokens[0], `/api/v1/courses/101/live_assessments/${assessment}/results`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    // Canvas's own answer to an element that is no object (§1.7), and no stack that overflows.
    expect([400, 413, 500]).toContain((await post(`{"results":${deep}}`)).status);
    expect([400, 413]).toContain(
      (await post(`results${'[a]'.repeat(50_000)}=1`, 'application/x-www-form-urlencoded')).status,
    );
    expect((await post(`{"results":["${'x'.repeat(40_000_000)}"]}`)).status).toBe(413);
    expect(sample.unexpected).toEqual([]);
  });

  test('memory is steady over many requests', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const ask = async (count: number) => {
      for (let n = 0; n < count; n += 1) {
        const path = n % 2 === 0 ? '/api/v1/users/self' : `/api/v1/courses/101/nothing/${String(n)}`;
        await (await sample.send(tokens[0], `${path}?x=${String(n)}`)).text();
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await ask(500);
    expect(((await ask(3000)) - before) / 1024 / 1024).toBeLessThan(10);
  });
});
