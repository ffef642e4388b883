import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { CourseId, GroupId, UserId } from '#domain/ids.ts';
import { systemClock } from '#lib/clock.ts';
import { startAnswering, type AnsweringServer, type Arrived } from '#testing/answering-server.ts';
import { browserFetch } from './browser-fetch.ts';
import { createCanvasClient, type CanvasClient } from './client.ts';
import { NetworkError, PermissionError, WrongShapeError } from './errors.ts';
import { maxPages } from './paging.ts';
import { signInAddress } from './session.ts';

const course = '1' as CourseId;

let server: AnsweringServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const marked = { 'x-tapmark-speaker': 'canvas', 'content-type': 'application/json' };

async function clientOf(say: (request: Arrived, response: ServerResponse) => void): Promise<CanvasClient> {
  server = await startAnswering(say);
  return createCanvasClient({
    fetch: browserFetch,
    clock: systemClock,
    origin: server.origin,
    identity: () => undefined,
  });
}

/** Answers with these pages, numbered from 1, each but the last linking to the next. */
function clientOfPages(...pages: readonly unknown[]): Promise<CanvasClient> {
  return clientOf(({ url }, response) => {
    const asked = new URL(url, 'http://x');
    const page = Number(asked.searchParams.get('page') ?? '1');
    asked.searchParams.set('page', String(page + 1));
    const link = page < pages.length ? { link: `<${asked.pathname}${asked.search}>; rel="next"` } : {};
    response.writeHead(200, { ...marked, ...link }).end(JSON.stringify(pages[page - 1]));
  });
}

const asked = (index = 0) => new URL(server?.arrived[index]?.url ?? '', 'http://x');

describe('the students of a course', () => {
  const ada = { id: '15', name: 'Ada Lovelace', sortable_name: 'Lovelace, Ada', short_name: 'Ada' };

  test('come from all pages, also after a short or an empty one, and none twice', async () => {
    const client = await clientOfPages([ada], [], [ada, { id: '16', name: 'Grace Hopper' }]);
    const students = await client.listStudents(course);
    expect(students.map(({ id }) => id)).toEqual(['15', '16']);
    expect(asked().searchParams.getAll('include[]')).toEqual(['enrollments', 'avatar_url']);
    expect(asked().searchParams.get('per_page')).toBe('100');
  });

  test('belong to the sections of their own present enrollments', async () => {
    const enrollment = (section: string | null, type: string, state: string) => ({
      type,
      enrollment_state: state,
      course_section_id: section,
    });
    const client = await clientOfPages([
      {
        ...ada,
        avatar_url: 'https://school.example/a.png',
        enrollments: [
          enrollment('7', 'StudentEnrollment', 'active'),
          enrollment('8', 'StudentEnrollment', 'invited'),
          enrollment('8', 'StudentEnrollment', 'active'),
          enrollment('9', 'StudentEnrollment', 'completed'),
          enrollment('10', 'TeacherEnrollment', 'active'),
          enrollment(null, 'StudentEnrollment', 'active'),
        ],
      },
    ]);
    expect(await client.listStudents(course)).toEqual([
      {
        id: '15',
        name: 'Ada Lovelace',
        sortableName: 'Lovelace, Ada',
        shortName: 'Ada',
        sections: ['7', '8'],
        groups: [],
        avatarUrl: 'https://school.example/a.png',
      },
    ]);
  });

  test('are shown whatever their other fields are', async () => {
    const client = await clientOfPages([
      { id: '1', name: null, sortable_name: 5, short_name: 'Zed', avatar_url: {}, enrollments: null },
      { id: '2', name: ' \u202e ', avatar_url: 'javascript:alert(1)' },
      { id: 3, name: '<script>alert("x")</script>' },
      { id: '4', name: 'e\u0301🙂', avatar_url: '//elsewhere.example/x.png' },
    ]);
    const students = await client.listStudents(course);
    expect(students.map(({ name }) => name)).toEqual(['Zed', '#2', '<script>alert("x")</script>', 'é🙂']);
    expect(students.every((student) => student.sortableName !== '' && !('avatarUrl' in student))).toBe(true);
    expect(students[2]?.id).toBe('3');
  });

  test('are none at all rather than some of them', async () => {
    const list = (client: CanvasClient) => client.listStudents(course);
    for (const bad of [{}, null, [{ name: 'No id' }], [{ id: 'x' }], [null], 'text']) {
      const client = await clientOfPages([ada], bad);
      await expect(list(client)).rejects.toBeInstanceOf(WrongShapeError);
      await server?.close();
    }
  });

  test('a refused second page refuses the list', async () => {
    const client = await clientOf(({ url }, response) => {
      if (url.includes('page=2')) {
        response.writeHead(403, marked).end('{"status":"unauthorized","errors":[]}');
      } else {
        response.writeHead(200, { ...marked, link: '<?page=2>; rel="next"' }).end('[]');
      }
    });
    await expect(client.listStudents(course)).rejects.toBeInstanceOf(PermissionError);
  });
});

describe('a chain of pages without an end', () => {
  test('is left when it goes in a circle', async () => {
    const client = await clientOf(({ url }, response) => {
      const other = url.includes('page=2') ? 'page=3' : 'page=2';
      response.writeHead(200, { ...marked, link: `<?${other}>; rel="next"` }).end('[]');
    });
    await expect(client.listSections(course)).rejects.toBeInstanceOf(WrongShapeError);
    expect(server?.arrived).toHaveLength(3);
  });

  test('is left after more pages than any list has', async () => {
    const client = await clientOf((_, response) => {
      const link = `<?page=${server?.arrived.length ?? 0}>; rel="next"`;
      response.writeHead(200, { ...marked, link }).end('[]');
    });
    await expect(client.listSections(course)).rejects.toBeInstanceOf(WrongShapeError);
    expect(server?.arrived).toHaveLength(maxPages);
  });

  test('ends when the screen that asked has gone', async () => {
    const gone = new AbortController();
    const client = await clientOf((_, response) => {
      if (server?.arrived.length === 2) gone.abort();
      else response.writeHead(200, { ...marked, link: '<?page=2>; rel="next"' }).end('[]');
    });
    await expect(client.listSections(course, gone.signal)).rejects.toBeInstanceOf(NetworkError);
    expect(server?.arrived).toHaveLength(2);
  });
});

test('courses tell roles, zone and nickname; those closed by their dates are left out', async () => {
  const client = await clientOfPages([
    {
      id: '1',
      name: '7B Maths',
      original_name: 'Mathematics 7 (B)',
      course_code: 'MA7B',
      time_zone: 'Europe/Berlin',
      total_students: 28,
      term: { name: 'Autumn' },
      enrollments: [{ type: 'teacher' }, { type: 'teacher' }, { type: 'custom' }, { type: null }],
    },
    { id: '2', access_restricted_by_date: true },
    { id: '3', name: '', time_zone: null, enrollments: [{ type: 'student' }] },
  ]);
  expect(await client.listCourses()).toEqual([
    {
      id: '1',
      name: '7B Maths',
      originalName: 'Mathematics 7 (B)',
      code: 'MA7B',
      timeZone: 'Europe/Berlin',
      roles: ['teacher'],
      termName: 'Autumn',
      studentCount: 28,
    },
    { id: '3', name: '#3', timeZone: null, roles: ['student'] },
  ]);
});

test('outcomes come with scale and method, once each however often they are linked', async () => {
  const reading = {
    id: '52',
    title: 'Reading',
    display_name: 'I can read',
    points_possible: 5,
    mastery_points: 3.5,
    ratings: [{ description: 'Exceeds', points: 5 }],
    calculation_method: 'decaying_average',
    calculation_int: 65,
  };
  const client = await clientOfPages([
    { outcome: reading, outcome_group: { id: '1', title: 'English' } },
    { outcome: reading, outcome_group: { id: '2', title: 'Again' } },
    { outcome: { id: '53', title: 'Writing', calculation_method: 'brand_new' } },
    { outcome: { id: '54', title: null, points_possible: '5', ratings: 'none' } },
  ]);
  const outcomes = await client.listOutcomes(course);
  expect(asked().searchParams.get('outcome_style')).toBe('full');
  expect(outcomes).toEqual([
    {
      id: '52',
      title: 'Reading',
      displayName: 'I can read',
      pointsPossible: 5,
      masteryPoints: 3.5,
      ratings: [{ description: 'Exceeds', points: 5 }],
      calculationMethod: 'decaying_average',
      calculationInt: 65,
      groupTitle: 'English',
    },
    { id: '53', title: 'Writing', calculationMethod: 'other' },
    { id: '54', title: '#54', calculationMethod: 'highest' },
  ]);
});

test('sections, groups, members, assessments and the person themselves', async () => {
  const sections = await clientOfPages([{ id: '7', name: 'Period 1' }]);
  expect(await sections.listSections(course)).toEqual([{ id: '7', course, name: 'Period 1' }]);
  await server?.close();

  const groups = await clientOfPages([{ id: '8', name: 'Reds' }]);
  expect(await groups.listGroups(course)).toEqual([{ id: '8', course, name: 'Reds' }]);
  await server?.close();

  const members = await clientOfPages([{ id: '15' }], [{ id: '15' }, { id: '16' }]);
  expect(await members.listGroupMembers('8' as GroupId)).toEqual(['15', '16'] as UserId[]);
  expect(asked().pathname).toBe('/api/v1/groups/8/users');
  await server?.close();

  const assessment = { id: '5', key: '2026-11-23,outcome_52', title: 'Reading' };
  const assessments = await clientOfPages({ assessments: [assessment] }, { assessments: [] });
  expect(await assessments.listAssessments(course)).toEqual([assessment]);
  await server?.close();

  const self = await clientOfPages({ id: '23', name: 'Ms Byron', effective_locale: 'ar' });
  expect(await self.readSelf()).toEqual({ id: '23', name: 'Ms Byron', locale: 'ar' });
});

test('the way to sign in comes back to the page it left', () => {
  expect(signInAddress('/courses/1?x=ä&y')).toBe(
    '/tapmark/sign-in?return_to=%2Fcourses%2F1%3Fx%3D%C3%A4%26y',
  );
});
