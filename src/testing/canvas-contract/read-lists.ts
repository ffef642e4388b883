import * as v from 'valibot';
import { beforeAll, describe, expect, test } from 'vitest';
import { sampleCourses, samplePeople } from '#server/school/sample/ids.ts';
import {
  assessmentsIn,
  assessmentsPath,
  freshKey,
  makeAssessment,
  result,
  resultsIn,
  resultsPath,
} from './steps.ts';
import { noRight, missing, type OpenedSubject, type Reply } from './subject.ts';

const { maths, choir } = sampleCourses;
const [ann, bob] = ['1002', '1003'];

const metaSchema = v.object({ meta: v.object({ pagination: v.record(v.string(), v.unknown()) }) });

function pagination(reply: Reply): Record<string, unknown> {
  return v.parse(metaSchema, reply.body).meta.pagination;
}

/** The two Live Assessments lists, and paging as every list has it (contract §2). */
export function describeLists({ as, origin }: OpenedSubject): void {
  const teacher = as('teacher');
  let assessment = '';
  let path = '';

  beforeAll(async () => {
    assessment = await makeAssessment(teacher, maths);
    path = resultsPath(maths, assessment);
    const results = Array.from({ length: 21 }, (_, n) => result(n % 3 === 0 ? bob : ann));
    await teacher.post(path, { results });
  });

  test('§2 gives ten rows by default, with the links in Canvas’s order', async () => {
    const reply = await teacher.get(path);
    expect(resultsIn(reply)).toHaveLength(10);
    const url = (page: number) => `${origin()}${path}?page=${String(page)}&per_page=10`;
    expect(reply.headers.get('link')).toBe(
      `<${url(1)}>; rel="current",<${url(2)}>; rel="next",<${url(1)}>; rel="first",<${url(3)}>; rel="last"`,
    );
  });

  test('§2 gives meta.pagination with the template and the counts', async () => {
    const url = (page: number | string) => `${origin()}${path}?page=${String(page)}&per_page=10`;
    const first = pagination(await teacher.get(path));
    expect(first).toEqual({
      per_page: 10,
      next: url(2),
      last: url(3),
      current: url(1),
      first: url(1),
      page: 1,
      template: url('{page}'),
      count: 21,
      page_count: 3,
    });
    const middle = pagination(await teacher.get(`${path}?page=2`));
    expect(middle).toMatchObject({ next: url(3), prev: url(1), page: 2 });
    const last = pagination(await teacher.get(`${path}?page=3`));
    expect(last).toMatchObject({ prev: url(2), page: 3 });
    expect(last).not.toHaveProperty('next');
  });

  test('§2 the pages together hold every row once, by id', async () => {
    const ids: bigint[] = [];
    let next: string | undefined = `${path}?per_page=4`;
    while (next !== undefined) {
      const reply: Reply = await teacher.get(next);
      ids.push(...resultsIn(reply).map(({ id }) => BigInt(id)));
      next = /<([^>]*)>; rel="next"/.exec(reply.headers.get('link') ?? '')?.[1]?.slice(origin().length);
    }
    expect(ids).toHaveLength(21);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => (a < b ? -1 : 1)));
  });

  test.each([
    ['100', 21],
    ['1000', 21],
    ['7', 7],
    ['0', 1],
    ['-5', 1],
    ['abc', 1],
  ])('§2 clamps per_page=%s', async (perPage, rows) => {
    expect(resultsIn(await teacher.get(`${path}?per_page=${perPage}`))).toHaveLength(rows);
  });

  test('§2 a page past the end is 200 with an empty list', async () => {
    const reply = await teacher.get(`${path}?page=99`);
    expect([reply.status, resultsIn(reply)]).toEqual([200, []]);
    expect(pagination(reply)).not.toHaveProperty('next');
  });

  test.each(['0', '-1', 'abc', '1.5', '99999999999999999999'])('§2 page=%s is 404', async (page) => {
    const reply = await teacher.get(`${path}?page=${page}`);
    expect([reply.status, reply.body]).toEqual([404, missing]);
  });

  test('§1 restricts results to a user, and keeps user_id in the links', async () => {
    const reply = await teacher.get(`${path}?user_id=${bob}&per_page=5`);
    expect(resultsIn(reply).map((row) => row.links.user)).toEqual([bob, bob, bob, bob, bob]);
    expect(pagination(reply)).toMatchObject({
      count: 7,
      next: `${origin()}${path}?user_id=${bob}&page=2&per_page=5`,
    });
  });

  test.each(['', '424242', samplePeople.bigId])('§1.7 user_id=%s matches nobody', async (user) => {
    const reply = await teacher.get(`${path}?user_id=${user}`);
    expect([reply.status, resultsIn(reply)]).toEqual([200, []]);
    expect(pagination(reply)).toMatchObject({ count: 0, page_count: 1 });
  });

  test('§1.2 lists assessments in order of making, with the template link', async () => {
    const keys = [freshKey(), freshKey(), freshKey()];
    for (const key of keys) await makeAssessment(teacher, choir, { key, title: `about ${key}` });
    const reply = await teacher.get(`${assessmentsPath(choir)}?per_page=100`);
    expect(reply.body).toMatchObject({
      links: { 'assessments.results': `${origin()}${assessmentsPath(choir)}/{assessments.id}/results` },
    });
    const listed = assessmentsIn(reply).filter(({ key }) => keys.includes(key));
    expect(listed.map(({ key, title }) => [key, title])).toEqual(keys.map((key) => [key, `about ${key}`]));
    expect(Object.keys(pagination(reply))).toContain('count');
  });

  describe('§1.4 who may do what', () => {
    const can: Readonly<Record<string, readonly number[]>> = {
      // create, create with an outcome, post results, list assessments, list results
      teacher: [200, 200, 200, 200, 200],
      coteacher: [200, 200, 200, 200, 200],
      ta: [200, 403, 200, 200, 200],
      designer: [200, 200, 200, 403, 403],
      observer: [403, 403, 403, 403, 403],
      student: [403, 403, 403, 403, 403],
      admin: [200, 200, 200, 200, 200],
    };
    test.each(Object.entries(can))('%s', async (login, statuses) => {
      const person = as(login as 'teacher');
      const replies = [
        await person.post(assessmentsPath(maths), { assessments: [{ key: freshKey(), title: 't' }] }),
        await person.post(assessmentsPath(maths), {
          assessments: [{ key: freshKey(), title: 't', links: { outcome: '201' } }],
        }),
        await person.post(path, { results: [] }),
        await person.get(assessmentsPath(maths)),
        await person.get(path),
      ];
      expect(replies.map(({ status }) => status)).toEqual(statuses);
      for (const refused of replies.filter(({ status }) => status === 403)) {
        expect(refused.body).toEqual(noRight);
        expect(refused.headers.get('www-authenticate')).toBeNull();
      }
    });

    test('a course that is over can be read by its teacher, and not be marked', async () => {
      const { lastYear } = sampleCourses;
      expect((await teacher.get(assessmentsPath(lastYear))).status).toBe(200);
      const reply = await teacher.post(assessmentsPath(lastYear), { assessments: [] });
      expect([reply.status, reply.body]).toEqual([403, noRight]);
    });
  });
}
