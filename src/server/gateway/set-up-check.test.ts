import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SetUpAnswer } from '#canvas/gateway-wire.ts';
import { signIn, startGatewayServer, type GatewayServer } from '#testing/gateway-server.ts';
import { json } from '#testing/scripted-canvas.ts';
import { openSampleSchool, schoolOrigin, type SampleSchool } from '#testing/sample-school.ts';
import { askCanvas } from './ask-canvas.ts';
import { checkSetUp } from './set-up-check.ts';

let sample: SampleSchool;
beforeEach(async () => {
  sample = await openSampleSchool();
});
afterEach(() => sample.close());

/** A Canvas over the network says its time. */
async function dated(request: Request): Promise<Response> {
  const answer = await sample.school.fetch(request);
  const headers = new Headers(answer.headers);
  headers.set('date', new Date(sample.clock.wallMs()).toUTCString());
  return new Response(answer.body, { status: answer.status, headers });
}

async function check(
  login: string,
  course?: string,
  upstream: (request: Request) => Promise<Response> = dated,
): Promise<Record<string, string>> {
  const accessToken = await sample.tokenFor(login);
  const { findings } = await checkSetUp(
    (method, target, body) =>
      askCanvas(
        { upstream, userAgent: 'test' },
        {
          method,
          target,
          accessToken,
          canvasOrigin: schoolOrigin,
          own: schoolOrigin,
          ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
        },
        new AbortController().signal,
      ),
    course,
    { clock: sample.clock, isEmbedded: false },
  );
  return Object.fromEntries(findings.map(({ point, state, why }) => [point, why ?? state]));
}

async function courseOf(login: string): Promise<string> {
  const courses = await sample.send(await sample.tokenFor(login), '/api/v1/courses');
  const [first] = (await courses.json()) as { id: number }[];
  return String(first?.id);
}

const allWell = {
  reach: 'ok',
  clock: 'ok',
  courses: 'ok',
  students: 'ok',
  sections: 'ok',
  outcomes: 'ok',
  create: 'ok',
  align: 'ok',
  list: 'ok',
  post: 'none',
  mastery: 'ok',
};

test('finds everything in order for a teacher, and leaves no trace', async () => {
  const course = await courseOf('teacher');
  expect(await check('teacher', course)).toEqual(allWell);
  const path = `/api/v1/courses/${course}/live_assessments`;
  const list = (await (await sample.send(await sample.tokenFor('teacher'), path)).json()) as {
    assessments: unknown[];
  };
  expect(list.assessments).toEqual([]);
});

test('knows about posting once there is an assessment, and posts nothing to it', async () => {
  const course = await courseOf('teacher');
  const token = await sample.tokenFor('teacher');
  const path = `/api/v1/courses/${course}/live_assessments`;
  const headers = { 'content-type': 'application/json', accept: 'application/json+canvas-string-ids' };
  const body = JSON.stringify({ assessments: [{ key: 'today', title: 'Today' }] });
  const made = (await (await sample.send(token, path, { method: 'POST', headers, body })).json()) as {
    assessments: { id: string }[];
  };
  expect(await check('teacher', course)).toEqual({ ...allWell, post: 'ok' });
  const rows = await sample.send(token, `${path}/${made.assessments[0]?.id}/results`);
  expect(((await rows.json()) as { results: unknown[] }).results).toEqual([]);
});

test('tells the rights apart: an assistant may not align, a designer may not list, a student may nothing', async () => {
  const course = await courseOf('ta');
  expect(await check('ta', course)).toMatchObject({ create: 'ok', align: 'no-right', list: 'ok' });
  expect(await check('designer', await courseOf('designer'))).toMatchObject({
    create: 'ok',
    list: 'no-right',
  });
  expect(await check('student', await courseOf('student'))).toMatchObject({
    create: 'no-right',
    align: 'no-right',
    list: 'no-right',
  });
});

test('a course that is not there is missing; without a course only the rest is looked at', async () => {
  expect(await check('teacher', '999999')).toMatchObject({ students: 'missing', create: 'missing' });
  expect(await check('teacher')).toEqual({ reach: 'ok', clock: 'ok', courses: 'ok' });
  expect(await check('teacher', '../accounts')).toEqual({ reach: 'ok', clock: 'ok', courses: 'ok' });
});

test('names what stands in Canvas’s place', async () => {
  const html = () => Promise.resolve(new Response('<html>', { headers: { 'content-type': 'text/html' } }));
  const away = () =>
    Promise.resolve(new Response(null, { status: 302, headers: { location: 'https://sso.example' } }));
  const late = async (request: Request) => {
    const answer = await sample.school.fetch(request);
    const headers = new Headers(answer.headers);
    headers.set('date', new Date(sample.clock.wallMs() - 600_000).toUTCString());
    return new Response(answer.body, { status: answer.status, headers });
  };
  const noScope = (request: Request) =>
    request.url.includes('/users/self')
      ? sample.school.fetch(request)
      : Promise.resolve(
          json({ errors: [{ message: 'Insufficient scopes on access token.' }] }, { status: 401 }),
        );
  expect(await check('teacher', '1', html)).toMatchObject({ reach: 'page' });
  expect(await check('teacher', '1', away)).toMatchObject({ reach: 'redirect' });
  expect(await check('teacher', await courseOf('teacher'), late)).toMatchObject({
    reach: 'ok',
    clock: 'clock',
  });
  expect(await check('teacher', '1', noScope)).toMatchObject({ courses: 'no-scope', align: 'no-scope' });
});

test('is for whoever is signed in, from our own page, and not without end', async () => {
  const server: GatewayServer = await startGatewayServer();
  const browser = server.browser();
  const ask = (headers: Record<string, string> = {}) =>
    browser.go('/tapmark/set-up', { method: 'POST', body: '{}', headers });
  expect((await ask()).status).toBe(401);
  await signIn(browser);
  expect((await ask({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const answer = (await (await ask()).json()) as SetUpAnswer;
  expect(answer.findings[0]).toEqual({ point: 'reach', state: 'ok' });
  const statuses = await Promise.all(Array.from({ length: 12 }, async () => (await ask()).status));
  expect(statuses).toContain(429);
  await server.close();
});
