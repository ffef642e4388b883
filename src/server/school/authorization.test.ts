import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assessmentsIn, freshKey } from '#testing/canvas-contract/steps.ts';
import { readReply } from '#testing/canvas-contract/subject.ts';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';
import { endpointsOf } from './endpoints.ts';
import { scopeOf } from './http/endpoint.ts';
import { sampleCourses, sampleOutcomes, samplePeople } from './sample/ids.ts';
import type { School } from './school-parts.ts';

/* Every endpoint, for every role, in a course of one's own and in one that is not (contract §1.4, §5). */

const roles = ['teacher', 'ta', 'designer', 'observer', 'student', 'admin'] as const;
type Role = (typeof roles)[number];

const { maths, chess, deleted } = sampleCourses;
let sample: SampleSchool;
let ownAssessment = '';
let otherAssessment = '';
beforeAll(async () => {
  sample = await openSampleSchool();
  ownAssessment = await makeAssessment('teacher', maths);
  otherAssessment = await makeAssessment('coteacher', chess);
});
afterAll(async () => {
  await sample.close();
  expect(sample.unexpected).toEqual([]);
});

async function makeAssessment(login: string, course: string): Promise<string> {
  const body = { assessments: [{ key: freshKey(), title: 't' }] };
  const reply = await call(login, 'POST', `/api/v1/courses/${course}/live_assessments`, body);
  return assessmentsIn(reply)[0]?.id ?? '';
}

async function call(login: string, method: string, path: string, body?: unknown) {
  const json = { 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: json };
  return readReply(await sample.send(await sample.tokenFor(login), path, { method, ...init }));
}

const course = 'url:GET|/api/v1/courses/:course_id';
const results = '/api/v1/courses/:course_id/live_assessments/:assessment_id/results';

/** Who gets 200 in their own course; everybody else gets 403 there, and all but admin in a foreign one. */
const allowed: Readonly<Record<string, readonly Role[]>> = {
  'url:GET|/api/v1/courses/:id': ['teacher', 'ta', 'designer', 'observer', 'student', 'admin'],
  [`${course}/users`]: ['teacher', 'ta', 'designer', 'student', 'admin'],
  [`${course}/sections`]: ['teacher', 'ta', 'designer', 'student', 'admin'],
  [`${course}/groups`]: ['teacher', 'ta', 'designer', 'student', 'admin'],
  'url:GET|/api/v1/groups/:group_id/users': ['teacher', 'ta', 'designer', 'student', 'admin'],
  [`${course}/outcome_groups`]: ['teacher', 'ta', 'designer', 'observer', 'student', 'admin'],
  [`${course}/outcome_group_links`]: ['teacher', 'ta', 'designer', 'observer', 'student', 'admin'],
  'url:GET|/api/v1/outcomes/:id': ['teacher', 'ta', 'designer', 'observer', 'student', 'admin'],
  'url:POST|/api/v1/courses/:course_id/live_assessments': ['teacher', 'ta', 'designer', 'admin'],
  [`${course}/live_assessments`]: ['teacher', 'ta', 'admin'],
  [`${course}/outcome_results`]: ['teacher', 'ta', 'admin'],
  [`${course}/outcome_rollups`]: ['teacher', 'ta', 'admin'],
  [`url:POST|${results}`]: ['teacher', 'ta', 'designer', 'admin'],
  [`url:GET|${results}`]: ['teacher', 'ta', 'admin'],
};

/** These are about the caller, not about a course; each has its own test below. */
const aboutOneself = ['url:GET|/api/v1/users/:id', 'url:GET|/api/v1/courses'];

/** The choir's first group: maths people are not all in it. */
const choirGroup = '718';

function pathIn(scope: string, isOwn: boolean): string {
  const ids: Readonly<Record<string, string>> = {
    ':course_id': isOwn ? maths : chess,
    ':assessment_id': isOwn ? ownAssessment : otherAssessment,
    ':group_id': isOwn ? '711' : choirGroup,
    ':id': scope.includes('outcomes')
      ? isOwn
        ? sampleOutcomes.reasoning
        : sampleOutcomes.chess
      : isOwn
        ? maths
        : chess,
  };
  return (scope.split('|')[1] ?? '').replace(/:\w+/g, (part) => ids[part] ?? part);
}

test('no endpoint is missing here', () => {
  const scopes = endpointsOf({} as School).map(scopeOf);
  expect([...Object.keys(allowed), ...aboutOneself].sort()).toEqual([...scopes].sort());
});

describe.each(Object.entries(allowed))('%s', (scope, who) => {
  const method = scope.includes('url:POST') ? 'POST' : 'GET';
  const body = method === 'POST' ? { assessments: [], results: [] } : undefined;

  test.each(roles)('%s in a course of their own', async (role) => {
    const reply = await call(role, method, pathIn(scope, true), body);
    expect(reply.status).toBe(who.includes(role) ? 200 : 403);
  });

  test.each(roles)('%s in a course of others', async (role) => {
    // Teacher and assistant belong to the choir, so they may see its groups.
    const knowsChoir = scope.includes('groups/:group_id') && (role === 'teacher' || role === 'ta');
    const reply = await call(role, method, pathIn(scope, false), body);
    expect(reply.status).toBe(role === 'admin' || knowsChoir ? 200 : 403);
  });

  test('nobody, and nowhere', async () => {
    expect((await sample.send(undefined, pathIn(scope, true), { method })).status).toBe(401);
    for (const id of ['424242', deleted, 'x']) {
      const path = (scope.split('|')[1] ?? '').replace(/:\w+/, id).replace(/:\w+/, ownAssessment);
      if (path.includes('/courses/') || id !== deleted) {
        expect([path, (await call('admin', method, path, body)).status]).toEqual([path, 404]);
      }
    }
  });
});

test('people see themselves, not others', async () => {
  expect((await call('student', 'GET', `/api/v1/users/${samplePeople.student}`)).status).toBe(200);
  expect((await call('student', 'GET', `/api/v1/users/${samplePeople.teacher}`)).status).toBe(403);
  expect((await call('teacher', 'GET', '/api/v1/users/424242')).status).toBe(404);
  expect((await call('teacher', 'GET', '/api/v1/users/x')).status).toBe(404);
});

test('the list of courses is one’s own, whoever asks', async () => {
  const courses = async (role: string) =>
    ((await call(role, 'GET', '/api/v1/courses')).body as { id: number }[]).map(({ id }) => String(id));
  expect(await courses('admin')).toEqual([]);
  expect((await courses('student')).sort()).toEqual([maths, sampleCourses.sport].sort());
  expect(await courses('observer')).toEqual([maths]);
});

test('an outcome of the account that no course links is the administrator’s', async () => {
  const path = `/api/v1/outcomes/${sampleOutcomes.unlinked}`;
  expect((await call('teacher', 'GET', path)).status).toBe(403);
  expect((await call('admin', 'GET', path)).status).toBe(200);
});
