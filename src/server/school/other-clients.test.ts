import { CanvasApi } from '@kth/canvas-api';
import Canvas from 'canvas-lms-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';
import { type HttpServer, serveHttp } from '../http-server.ts';
import { canvasThrottle } from './http/throttle.ts';

/* Clients of Canvas that nobody here wrote, over HTTP: what they can do with Canvas they can do with the school. */

let sample: SampleSchool;
let server: HttpServer;
let token: string;
beforeAll(async () => {
  sample = await openSampleSchool({ throttle: canvasThrottle });
  server = await serveHttp({ fetch: sample.school.fetch, host: '127.0.0.1', port: 0 });
  token = await sample.tokenFor('teacher');
});
afterAll(async () => {
  await server.close();
  await sample.close();
  expect(sample.unexpected).toEqual([]);
});

const assessments = 'courses/101/live_assessments';
const result = { passed: true, assessed_at: '2026-09-01T08:00:00Z', links: { user: '1002' } };

describe('@kth/canvas-api', () => {
  const client = () => new CanvasApi(`${server.address}/api/v1/`, token, { disableThrottling: true });
  const names = (people: { name: string }[]) => people.map(({ name }) => name);

  test('lists courses, and pages through the users of one', async () => {
    const courses = await client().listItems('courses').toArray();
    expect(names(courses as { name: string }[])).toContain('Mathematics 7B');
    const users = await client()
      .listItems('courses/103/users', { enrollment_type: ['student'], per_page: 30 })
      .toArray();
    expect(new Set((users as { id: number }[]).map(({ id }) => id)).size).toBe(220);
  });

  test('makes an assessment, adds results and pages through them', async () => {
    const made = await client().request(assessments, 'POST', { assessments: [{ key: 'kth', title: 'kth' }] });
    const { id } = (made.json as { assessments: { id: string }[] }).assessments[0] ?? { id: '' };
    const path = `${assessments}/${id}/results`;
    const stored = await client().request(path, 'POST', {
      results: Array.from({ length: 25 }, () => result),
    });
    expect(stored.statusCode).toBe(200);
    const pages = await client().listPages(path).toArray();
    expect(pages.map(({ json }) => (json as { results: unknown[] }).results.length)).toEqual([10, 10, 5]);
  });

  test('understands what it is refused', async () => {
    await expect(client().get('courses/999999999')).rejects.toMatchObject({ response: { statusCode: 404 } });
    await expect(client().get('courses/105/users')).rejects.toMatchObject({ response: { statusCode: 403 } });
  });
});

describe('canvas-lms-api', () => {
  const client = () => new Canvas(server.address, { accessToken: token });

  test('lists courses, and gathers the users of one over all pages', async () => {
    const courses = (await client().get('courses')) as { course_code: string }[];
    expect(courses.map((course) => course.course_code)).toContain('MATH-7B');
    const query = { per_page: 30, enrollment_type: ['student'] };
    const users = (await client().get('courses/103/users', query)) as unknown[];
    expect(users).toHaveLength(220);
  });

  test('makes an assessment, adds results and reads them', async () => {
    const made = (await client().post(assessments, {}, { assessments: [{ key: 'lms', title: 'lms' }] })) as {
      assessments: { id: string }[];
    };
    const path = `${assessments}/${made.assessments[0]?.id ?? ''}/results`;
    await client().post(path, {}, { results: [result, result] });
    expect(await client().get(path)).toMatchObject({
      results: [{ passed: true, links: { user: '1002' } }, {}],
      meta: { pagination: { count: 2 } },
    });
  });

  test('understands what it is refused', async () => {
    await expect(client().get('courses/105/users')).rejects.toThrow(
      'user not authorized to perform that action',
    );
  });
});
