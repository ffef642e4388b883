import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assessmentsIn, freshKey } from '#testing/canvas-contract/steps.ts';
import { readReply } from '#testing/canvas-contract/subject.ts';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';
import { endpointsOf } from './endpoints.ts';
import { scopeOf } from './http/endpoint.ts';
import { sampleCourses, sampleOutcomes, samplePeople } from './sample/ids.ts';
import type { School } from './school-parts.ts';
import type { SchoolTables } from './tables.ts';

/* Every endpoint, for every role, in a course of one's own and in one that is not (contract §1.4, §5). */

const roles = ['teacher', 'ta', 'designer', 'observer', 'student', 'admin'] as const;
type Role = (typeof roles)[number];

const { maths, chess, deleted } = sampleCourses;

interface Situation {
  /** What a role is worth in it. */
  readonly counts: 'as ever' | 'for looking' | 'for staff' | 'for nothing';
  readonly place?: object;
  readonly section?: object;
  readonly course?: object;
  readonly term?: object;
}

const situations: Readonly<Record<string, Situation>> = {
  'a place that is active': { counts: 'as ever' },
  'a place that is invited': { counts: 'for nothing', place: { state: 'invited' } },
  'a place whose invitation is on its way': { counts: 'for nothing', place: { state: 'creation_pending' } },
  'a place that is completed': { counts: 'for looking', place: { state: 'completed' } },
  'a place that is inactive': { counts: 'for nothing', place: { state: 'inactive' } },
  'a place that was rejected': { counts: 'for nothing', place: { state: 'rejected' } },
  'a place that was deleted': { counts: 'for nothing', place: { state: 'deleted' } },
  'a place of which the dates are over': { counts: 'for looking', place: { endAt: 'past' } },
  'a place of which the dates are to come': { counts: 'for staff', place: { startAt: 'future' } },
  'a section of which the dates are over': {
    counts: 'for looking',
    section: { restrictsToDates: 1, endAt: 'past' },
  },
  'a section of which the dates are to come': {
    counts: 'for staff',
    section: { restrictsToDates: 1, startAt: 'future' },
  },
  'a section whose dates do not restrict': { counts: 'as ever', section: { endAt: 'past' } },
  'a course that is concluded': { counts: 'for looking', course: { workflowState: 'completed' } },
  'a course that is unpublished': { counts: 'for staff', course: { workflowState: 'unpublished' } },
  'a course of which the dates are over': { counts: 'for looking', course: { endAt: 'past' } },
  'a course of which the dates are to come': { counts: 'for staff', course: { startAt: 'future' } },
  'a term that is over': {
    counts: 'for looking',
    course: { restrictsToDates: 0 },
    term: { endAt: 'past' },
  },
  'a term to come': { counts: 'for staff', course: { restrictsToDates: 0 }, term: { startAt: 'future' } },
};

onEachDatabase((newUrl) => {
  let sample: SampleSchool;
  let ownAssessment = '';
  let otherAssessment = '';
  beforeAll(async () => {
    sample = await openSampleSchool({ url: await newUrl() });
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

  /* A person's place, their section, their course and its term say whether the role counts (contract §1.4, §1.5). */
  describe.each(Object.entries(situations))('%s', (_name, { counts, ...changes }) => {
    const members = roles.filter((role) => role !== 'admin');

    test.each(members)('%s', async (role) => {
      const restore = await change(samplePeople[role], changes);
      const isLearner = role === 'student' || role === 'observer';
      const answers: Record<string, number> = {};
      const expected: Record<string, number> = {};
      for (const [scope, who] of Object.entries(allowed)) {
        const method = scope.includes('url:POST') ? 'POST' : 'GET';
        const body = method === 'POST' ? { assessments: [], results: [] } : undefined;
        answers[scope] = (await call(role, method, pathIn(scope, true), body)).status;
        const stays =
          counts === 'as ever' ||
          (counts === 'for looking' && method === 'GET') ||
          (counts === 'for staff' && !isLearner);
        expected[scope] = stays && who.includes(role) ? 200 : 403;
      }
      await restore();
      expect(answers).toEqual(expected);
    });
  });

  type Changes = Omit<Situation, 'counts'>;

  async function change(userId: string, { place, section, course: ofCourse, term }: Changes) {
    const db = sample.database.tables<SchoolTables>();
    const now = sample.clock.wallMs();
    const dated = (values: object) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]: [string, unknown]) => [
          name,
          value === 'past' ? now - 1 : value === 'future' ? now + 1 : value,
        ]),
      );
    const places = db.updateTable('enrollments').where('userId', '=', userId).where('courseId', '=', maths);
    const before = await db
      .selectFrom('enrollments')
      .select(['state', 'startAt', 'endAt'])
      .where('userId', '=', userId)
      .where('courseId', '=', maths)
      .executeTakeFirstOrThrow();
    const sections = db.updateTable('sections').where('courseId', '=', maths);
    const courses = db.updateTable('courses').where('id', '=', maths);
    const terms = db.updateTable('terms').where('id', '=', '1');
    const { startAt, endAt } = await db
      .selectFrom('terms')
      .select(['startAt', 'endAt'])
      .where('id', '=', '1')
      .executeTakeFirstOrThrow();
    if (place !== undefined) await places.set(dated(place)).execute();
    if (section !== undefined) await sections.set(dated(section)).execute();
    if (ofCourse !== undefined) await courses.set(dated(ofCourse)).execute();
    if (term !== undefined) await terms.set(dated(term)).execute();
    return async () => {
      await places.set(before).execute();
      await sections.set({ restrictsToDates: 0, startAt: null, endAt: null }).execute();
      await courses
        .set({ workflowState: 'available', restrictsToDates: 1, startAt: null, endAt: null })
        .execute();
      await terms.set({ startAt, endAt }).execute();
    };
  }
});
