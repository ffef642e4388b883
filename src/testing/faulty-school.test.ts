import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeAssessment, result, resultsIn, resultsPath, storedResults } from './canvas-contract/steps.ts';
import { type Person, readReply } from './canvas-contract/subject.ts';
import { type FaultySchool, withFaults } from './faulty-school.ts';
import { openSampleSchool, type SampleSchool, schoolOrigin } from './sample-school.ts';

const maths = '101';
const path = (assessment: string) => resultsPath(maths, assessment);

let sample: SampleSchool;
let faulty: FaultySchool;
let assessment: string;
let teacher: Person;
beforeEach(async () => {
  sample = await openSampleSchool();
  faulty = withFaults(sample.school.fetch);
  teacher = personWith(await sample.tokenFor('teacher'));
  assessment = await makeAssessment(teacher, maths);
});
afterEach(() => sample.close());

function personWith(token: string): Person {
  const send: Person['send'] = async ({ path: target, headers, ...init }) => {
    const all = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers };
    return readReply(await faulty.fetch(new Request(schoolOrigin + target, { ...init, headers: all })));
  };
  return {
    send,
    get: (target) => send({ method: 'GET', path: target }),
    post: (target, body) => send({ method: 'POST', path: target, body: JSON.stringify(body) }),
  };
}

const post = (...users: string[]) =>
  teacher.post(path(assessment), { results: users.map((user) => result(user)) });
const stored = async () => (await storedResults(teacher, maths, assessment)).length;

test('commit, then 500: the rows are there all the same, and the next request is well', async () => {
  faulty.next('commit-then-500');
  expect(await post('1002')).toMatchObject({
    status: 500,
    body: { errors: [{ message: 'An error occurred.' }] },
  });
  expect(await stored()).toBe(1);
  expect((await post('1002')).status).toBe(200);
});

test('commit, then a proxy’s page', async () => {
  faulty.next('commit-then-html-503');
  const reply = await post('1002');
  expect([reply.status, reply.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
  expect(await stored()).toBe(1);
});

test('commit, then the connection breaks', async () => {
  faulty.next('commit-then-cut');
  await expect(post('1002')).rejects.toThrow(TypeError);
  expect(await stored()).toBe(1);
});

test.each([
  ['html-503', 503],
  ['throttle', 403],
  ['token-expires', 401],
] as const)('%s does nothing', async (fault, status) => {
  faulty.next(fault);
  expect((await post('1002')).status).toBe(status);
  teacher = personWith(await sample.tokenFor('coteacher'));
  expect(await stored()).toBe(0);
});

test('an expired token stays expired, another one is good', async () => {
  faulty.next('token-expires', ({ method }) => method === 'GET');
  expect((await post('1002')).status).toBe(200);
  expect((await teacher.get('/api/v1/users/self')).status).toBe(401);
  expect((await post('1002')).status).toBe(401);
  expect((await personWith(await sample.tokenFor('ta')).get('/api/v1/users/self')).status).toBe(200);
});

test('a lagging replica does not show what was stored since, nor counts it', async () => {
  await post('1002', '1003');
  faulty.setReplicaLag(true);
  await post('1002', '1004');
  const all = await teacher.get(path(assessment));
  expect(resultsIn(all).map((row) => row.links.user)).toEqual(['1002', '1003']);
  expect(all.body).toMatchObject({ meta: { pagination: { count: 2 } } });
  const one = await teacher.get(`${path(assessment)}?user_id=1002`);
  expect(resultsIn(one)).toHaveLength(1);
  expect(one.body).toMatchObject({ meta: { pagination: { count: 1 } } });
  faulty.setReplicaLag(false);
  expect(await stored()).toBe(4);
});

test('missing counts take last and the numbers away, and leave next', async () => {
  await post('1002', '1003');
  faulty.setMissingCounts(true);
  const reply = await teacher.get(`${path(assessment)}?per_page=1`);
  expect(reply.headers.get('link')).toMatch(/rel="next"/);
  expect(reply.headers.get('link')).not.toMatch(/rel="last"/);
  expect(reply.text).not.toMatch(/"count"|"page_count"|"last"/);
  expect(reply.text).toMatch(/"next"/);
});

test('unordered pages have the same rows', async () => {
  await post('1002', '1003', '1004', '1005', '1006');
  const ordered = resultsIn(await teacher.get(path(assessment))).map(({ id }) => id);
  faulty.setUnordered({ fraction: () => 0, uuid: () => '' });
  const shuffled = resultsIn(await teacher.get(path(assessment))).map(({ id }) => id);
  expect(shuffled).not.toEqual(ordered);
  expect([...shuffled].sort()).toEqual([...ordered].sort());
});
