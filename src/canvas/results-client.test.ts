import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { anyText } from '#testing/any-text.ts';
import type {
  AssessmentId,
  AssessmentKey,
  AttemptId,
  CourseId,
  InstallationId,
  OutcomeId,
  UserId,
} from '#domain/ids.ts';
import { systemClock } from '#lib/clock.ts';
import { startAnswering, type AnsweringServer, type Arrived } from '#testing/answering-server.ts';
import type { AnswerFacts, WireFetch } from './answer.ts';
import { browserFetch } from './browser-fetch.ts';
import { createCanvasClient, type CanvasClient } from './client.ts';
import { CanvasError, NetworkError, StrangerError, UndecidedError, WrongShapeError } from './errors.ts';

const course = '1' as CourseId;
const assessment = '5' as AssessmentId;
const attempt = { id: 'a-1' as AttemptId, stamp: 's-1' };
const key = '2014-05-27,outcome_1' as AssessmentKey;

let server: AnsweringServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Say = (request: Arrived, response: ServerResponse) => void;
const marked = {
  'x-tapmark-speaker': 'canvas',
  'x-tapmark-stamp': 's-2',
  'content-type': 'application/json',
};
const json =
  (body: unknown, headers: Record<string, string> = {}): Say =>
  (_, response) =>
    response.writeHead(200, { ...marked, ...headers }).end(JSON.stringify(body));

async function clientOf(say: Say, onAnswer?: (facts: AnswerFacts) => void): Promise<CanvasClient> {
  server = await startAnswering(say);
  return createCanvasClient({
    fetch: browserFetch,
    clock: systemClock,
    origin: server.origin,
    identity: () => ({ installation: 'i-1' as InstallationId, epoch: 7, account: '23' as UserId }),
    ...(onAnswer === undefined ? {} : { onAnswer }),
  });
}

/** A client whose every request is answered by `fetch`. */
function clientWith(fetch: WireFetch): CanvasClient {
  return createCanvasClient({
    fetch,
    clock: systemClock,
    origin: 'https://tapmark.example',
    identity: () => undefined,
  });
}

function answering(text: string, headers: Record<string, string> = {}): WireFetch {
  return () =>
    Promise.resolve({
      status: 200,
      headers: new Headers({ ...marked, ...headers }),
      text: () => Promise.resolve(text),
    });
}

const row = (id: string, user: string, passed: boolean) => ({
  id,
  passed,
  assessed_at: '2014-05-26T21:57:23Z',
  links: { user, assessor: '23', assessment: '5' },
});

describe('posting results', () => {
  test('sends body, attempt, stamp, epoch, installation and account, and asks for string ids', async () => {
    const client = await clientOf(json({ results: [row('901', '15', false)] }));
    const body = '{"results":[]}';
    const { value, answer } = await client.postResults({ course, assessment, body, attempt });
    expect(value).toEqual([
      {
        id: '901',
        passed: false,
        assessedAt: '2014-05-26T21:57:23Z',
        student: '15',
        assessor: '23',
        assessment: '5',
      },
    ]);
    expect(answer).toMatchObject({ status: 200, speaker: 'canvas', stamp: 's-2' });
    expect(server?.arrived).toHaveLength(1);
    expect(server?.arrived[0]).toMatchObject({
      method: 'POST',
      url: '/api/v1/courses/1/live_assessments/5/results',
      body,
      headers: {
        accept: 'application/json+canvas-string-ids',
        'content-type': 'application/json',
        'x-tapmark-attempt': 'a-1',
        'x-tapmark-stamp': 's-1',
        'x-tapmark-epoch': '7',
        'x-tapmark-installation': 'i-1',
        'x-tapmark-account': '23',
      },
    });
  });

  test('calls fetch exactly once, before anything is awaited', () => {
    const urls: string[] = [];
    const client = clientWith((url) => {
      urls.push(url);
      return new Promise(() => undefined);
    });
    void client.postResults({ course, assessment, body: '{}', attempt: { id: attempt.id } });
    expect(urls).toEqual(['https://tapmark.example/api/v1/courses/1/live_assessments/5/results']);
  });

  test('takes a 201 too, rows in any order', async () => {
    const client = await clientOf((_, response) =>
      response
        .writeHead(201, marked)
        .end(JSON.stringify({ results: [row('2', '16', true), row('1', '15', false)] })),
    );
    const { value } = await client.postResults({ course, assessment, body: '{}', attempt });
    expect(value.map(({ id }) => id)).toEqual(['2', '1']);
  });

  test.each<[string, unknown]>([
    ['an array instead of an object', []],
    ['null', null],
    ['a text', 'results'],
    ['no results', {}],
    ['results that are no list', { results: { 0: row('1', '15', true) } }],
    ['a row without links', { results: [{ id: '1', passed: true, assessed_at: 'x' }] }],
    ['a row whose passed is text', { results: [{ ...row('1', '15', true), passed: 'true' }] }],
    ['a row that is null', { results: [null] }],
    ['an id that is not decimal', { results: [row('1e3', '15', true)] }],
    ['an id with a leading zero', { results: [row('01', '15', true)] }],
    ['an empty id', { results: [row('', '15', true)] }],
  ])('%s is a wrong shape', async (_, body) => {
    const client = clientWith(answering(JSON.stringify(body)));
    const posted = client.postResults({ course, assessment, body: '{}', attempt });
    await expect(posted).rejects.toBeInstanceOf(WrongShapeError);
    await expect(posted).rejects.toMatchObject({ notJson: false });
  });

  test('an id beyond 2^53 survives as text, and is refused as a number, which the parser has rounded', async () => {
    const huge = '9007199254740993';
    const asText = clientWith(answering(JSON.stringify({ results: [row(huge, '15', true)] })));
    const { value } = await asText.postResults({ course, assessment, body: '{}', attempt });
    expect(value[0]?.id).toBe(huge);

    const text = JSON.stringify({ results: [row('ID', '15', true)] });
    for (const number of [huge, '1e21', '-1', '1.5', '0']) {
      const asNumber = clientWith(answering(text.replace('"ID"', number)));
      const posted = asNumber.postResults({ course, assessment, body: '{}', attempt });
      await expect(posted).rejects.toBeInstanceOf(WrongShapeError);
    }
    const exact = clientWith(answering(text.replace('"ID"', '9007199254740991')));
    const read = await exact.postResults({ course, assessment, body: '{}', attempt });
    expect(read.value[0]?.id).toBe('9007199254740991');
  });

  test('rows without the gateway’s mark are not taken for an answer', async () => {
    const client = await clientOf((_, response) =>
      response.end(JSON.stringify({ results: [row('1', '15', true)] })),
    );
    await expect(client.postResults({ course, assessment, body: '{}', attempt })).rejects.toBeInstanceOf(
      StrangerError,
    );
  });
});

describe('reading results', () => {
  const list = (rows: unknown[], pagination?: unknown) => ({
    results: rows,
    ...(pagination === undefined ? {} : { meta: { pagination } }),
  });
  const next = '/api/v1/courses/1/live_assessments/5/results?page=2&per_page=100';

  test('asks for one student’s rows in the largest pages, and tells count and next page', async () => {
    const client = await clientOf((request, response) => {
      const last = request.url.includes('page=2');
      json(list([row('1', '15', true)], last ? { count: 101 } : { count: 101, next }))(request, response);
    });
    const { value } = await client.readResultsPage({ course, assessment, user: '15' as UserId });
    expect(server?.arrived[0]?.url).toBe(
      '/api/v1/courses/1/live_assessments/5/results?user_id=15&per_page=100',
    );
    expect(server?.arrived[0]?.headers).toMatchObject({ 'x-tapmark-epoch': '7' });
    expect(value).toMatchObject({ count: 101, next: `${server?.origin ?? ''}${next}` });
    const second = await client.readResultsPage({ course, assessment, page: value.next ?? '' });
    expect(second.value).not.toHaveProperty('next');
    expect(server?.arrived[1]?.url).toBe(next);
  });

  test('finds the next page in the header alone, or in the body alone', async () => {
    const inHeader = clientWith(answering(JSON.stringify(list([])), { link: `<${next}>; rel="next"` }));
    const inBody = clientWith(answering(JSON.stringify(list([], { next }))));
    for (const client of [inHeader, inBody]) {
      const { value } = await client.readResultsPage({ course, assessment });
      expect(value.next).toBe(`https://tapmark.example${next}`);
    }
  });

  test('a page without a next page is the last one, and an unreadable count is none', async () => {
    for (const pagination of [undefined, {}, { next: null, count: '5' }, { count: -1 }, { count: 1e300 }]) {
      const { value } = await clientWith(answering(JSON.stringify(list([], pagination)))).readResultsPage({
        course,
        assessment,
      });
      expect(value).toEqual({ rows: [], paged: pagination !== undefined });
    }
  });

  test('a page says how the list goes on in its body or by Link, as every page of Canvas does', async () => {
    const self = '</api/v1/courses/1/live_assessments/5/results?page=1&per_page=100>; rel="current"';
    const pagedBy = async (body: string, headers: Record<string, string> = {}) => {
      const client = clientWith(answering(body, headers));
      return (await client.readResultsPage({ course, assessment })).value.paged;
    };
    expect(await pagedBy(JSON.stringify(list([], { page: 1 })))).toBe(true);
    expect(await pagedBy('{"results":[]}', { link: self })).toBe(true);
    expect(await pagedBy('{"results":[]}', { link: '' })).toBe(false);
    expect(await pagedBy('{"results":[]}')).toBe(false);
  });

  test.each([
    ['on another host', { next: 'https://elsewhere.example/api/v1/courses?page=2' }],
    ['that is itself', { next: '/api/v1/courses/1/live_assessments/5/results?per_page=100' }],
    ['that is a number', { next: 2 }],
    ['outside the API', { next: '/login' }],
  ])('a next page %s does not pass for the end of the list', async (_, pagination) => {
    const client = clientWith(answering(JSON.stringify(list([], pagination))));
    await expect(client.readResultsPage({ course, assessment })).rejects.toBeInstanceOf(WrongShapeError);
  });

  test('never asks another origin, not even for a page it was handed', async () => {
    const client = clientWith(() => {
      throw new Error('fetched');
    });
    const read = client.readResultsPage({ course, assessment, page: 'https://elsewhere.example/api/v1/x' });
    await expect(read).rejects.toBeInstanceOf(RangeError);
  });

  test('never lets an id become a path', async () => {
    const client = clientWith(() => {
      throw new Error('fetched');
    });
    for (const id of ['..', '1/../2', '', 'self', '1?x', 'sis_course_id:7']) {
      const read = client.readResultsPage({ course: id as CourseId, assessment });
      await expect(read).rejects.toBeInstanceOf(RangeError);
    }
  });
});

describe('finding or creating an assessment', () => {
  test('aligns with the outcome and takes the answer’s entry with its own key', async () => {
    const client = await clientOf(
      json({
        links: { 'assessments.results': 'https://x/{assessments.id}' },
        assessments: [
          { id: '4', key: 'other', title: 'Other' },
          { id: '5', key, title: 'Reading' },
        ],
      }),
    );
    const { value } = await client.findOrCreateAssessment({
      course,
      key,
      title: 'Reading',
      outcome: '1' as OutcomeId,
    });
    expect(value).toEqual({ id: '5', key, title: 'Reading' });
    expect(JSON.parse(server?.arrived[0]?.body ?? '')).toEqual({
      assessments: [{ key, title: 'Reading', links: { outcome: '1' } }],
    });
  });

  test('leaves the link out without an outcome, and refuses an answer about another key', async () => {
    const client = await clientOf(json({ assessments: [{ id: '4', key: 'other', title: 'Other' }] }));
    await expect(client.findOrCreateAssessment({ course, key, title: 'T' })).rejects.toBeInstanceOf(
      WrongShapeError,
    );
    expect(JSON.parse(server?.arrived[0]?.body ?? '')).toEqual({ assessments: [{ key, title: 'T' }] });
  });
});

test('the roster page is ids of active and invited students', async () => {
  const client = await clientOf(
    json([{ id: '15' }, { id: '9007199254740993' }], { link: '<?page=2>; rel="next"' }),
  );
  const { value } = await client.readRosterPage({ course });
  const asked = new URL(server?.arrived[0]?.url ?? '', 'https://x');
  expect(asked.searchParams.getAll('enrollment_state[]')).toEqual(['active', 'invited']);
  expect(asked.searchParams.getAll('enrollment_type[]')).toEqual(['student']);
  expect(value.students).toEqual(['15', '9007199254740993']);
  expect(value.next).toBe(`${server?.origin ?? ''}/api/v1/courses/1/users?page=2`);
});

describe('asking the gateway itself', () => {
  const spoken = { 'x-tapmark-speaker': 'gateway' };

  test('inquires about an attempt with its stamp', async () => {
    const client = await clientOf(json({ knows: 'answered', status: 200 }, spoken));
    expect((await client.inquire(attempt)).value).toEqual({ knows: 'answered', status: 200 });
    expect(server?.arrived[0]).toMatchObject({
      method: 'POST',
      url: '/tapmark/attempts/a-1/inquiry',
      body: '{"stamp":"s-1"}',
    });
  });

  test('an answer it does not know is a wrong shape, never a vouching', async () => {
    const client = await clientOf(json({ knows: 'never-forwarded-i-think' }, spoken));
    await expect(client.inquire({ id: attempt.id })).rejects.toBeInstanceOf(WrongShapeError);
    expect(server?.arrived[0]?.body).toBe('{}');
  });

  test('the probe tells who is signed in', async () => {
    const school = { host: 'sample', schoolName: 'Sample', sample: true };
    const user = { id: '23', name: 'Ada', locale: null };
    const somebody = clientWith(answering(JSON.stringify({ signedIn: true, ...school, user })));
    expect((await somebody.probe()).value).toEqual({ signedInAs: '23' });
    const nobody = clientWith(answering(JSON.stringify({ signedIn: false, ...school })));
    expect((await nobody.probe()).value).toEqual({});
    await expect(clientWith(answering('{"signedIn":true}')).probe()).rejects.toBeInstanceOf(WrongShapeError);
  });

  test('signing out needs no body back', async () => {
    const client = await clientOf((_, response) => response.writeHead(204, spoken).end());
    await expect(client.signOut()).resolves.toBeUndefined();
    expect(server?.arrived[0]).toMatchObject({ method: 'POST', url: '/tapmark/sign-out' });
  });
});

test('tells of every answer, also of those that end in an error', async () => {
  const heard: AnswerFacts[] = [];
  const client = await clientOf(
    (_, response) => response.writeHead(500, marked).end('{}'),
    (facts) => heard.push(facts),
  );
  await expect(client.readRosterPage({ course })).rejects.toBeInstanceOf(UndecidedError);
  expect(heard).toMatchObject([{ status: 500, stamp: 's-2' }]);
});

test('tells of an answer whose body was cut off', async () => {
  const heard: AnswerFacts[] = [];
  const client = await clientOf(
    (_, response) => {
      response.writeHead(200, { ...marked, 'content-length': '1000' });
      response.write('[', () => response.socket?.destroy());
    },
    (facts) => heard.push(facts),
  );
  await expect(client.readRosterPage({ course })).rejects.toBeInstanceOf(NetworkError);
  expect(heard).toMatchObject([{ status: 200, stamp: 's-2' }]);
});

test('whatever is answered, each call gives a value or a CanvasError', async () => {
  const text = fc.oneof(
    fc.json(),
    anyText(),
    fc.record({ results: fc.array(fc.anything()), meta: fc.anything() }).map((value) => {
      try {
        return JSON.stringify(value);
      } catch {
        return '';
      }
    }),
  );
  const headers = fc.record({
    link: fc.string({ unit: 'grapheme-ascii' }),
    'x-tapmark-speaker': fc.constantFrom('canvas', 'gateway', ''),
    'x-tapmark-outcome': fc.constantFrom('not-sent', 'unknown', ''),
    'www-authenticate': fc.constantFrom('Bearer', 'Basic', ''),
  });
  const calls: ((client: CanvasClient) => Promise<unknown>)[] = [
    (client) => client.postResults({ course, assessment, body: '{}', attempt }),
    (client) => client.readResultsPage({ course, assessment }),
    (client) => client.findOrCreateAssessment({ course, key, title: 'T' }),
    (client) => client.inquire(attempt),
    (client) => client.probe(),
    (client) => client.readSelf(),
    (client) => client.listStudents(course),
    (client) => client.listOutcomes(course),
  ];
  await fc.assert(
    fc.asyncProperty(
      text,
      headers,
      fc.constantFrom(200, 200, 200, 0, 201, 302, 400, 401, 403, 404, 422, 500),
      async (body, head, status) => {
        const client = clientWith(() =>
          Promise.resolve({
            status,
            headers: { get: (name) => (head as Record<string, string>)[name] ?? null },
            text: () => Promise.resolve(body),
          }),
        );
        for (const call of calls) {
          const error: unknown = await call(client).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (error !== undefined) expect(error).toBeInstanceOf(CanvasError);
        }
      },
    ),
  );
});
