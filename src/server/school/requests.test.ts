import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assessmentsIn, freshKey, result, resultsIn } from '#testing/canvas-contract/steps.ts';
import { readReply, rejection, type Reply } from '#testing/canvas-contract/subject.ts';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool, type SampleSchool, schoolOrigin } from '#testing/sample-school.ts';

onEachDatabase((newUrl) => {
  let sample: SampleSchool;
  let token: string;
  beforeAll(async () => {
    sample = await openSampleSchool({ url: await newUrl() });
    token = await sample.tokenFor('teacher');
  });
  afterAll(async () => {
    await sample.close();
    expect(sample.unexpected).toEqual([]);
  });

  const path = '/api/v1/courses/101/live_assessments';
  const missing = { errors: [{ message: 'The specified resource does not exist.' }] };

  async function post(
    body: string | Uint8Array<ArrayBuffer>,
    type: string | undefined,
    target = path,
  ): Promise<Reply> {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    return readReply(await sample.send(token, target, { method: 'POST', headers, body }));
  }

  describe('addresses', () => {
    test.each([
      ['GET', '/'],
      ['GET', '/api/v1'],
      ['GET', '/api/v1/nothing'],
      ['GET', '/api/v2/users/self'],
      ['GET', `${path}/1`],
      ['PUT', `${path}/1`],
      ['DELETE', `${path}/1`],
      ['GET', `${path}/1/results/1`],
      ['PATCH', `${path}/1/results/1`],
      ['DELETE', `${path}/1/results/1`],
      ['OPTIONS', path],
      ['GET', '/api/v1/courses/%E0%A4/live_assessments'],
      ['GET', '/api/v1/courses/../../etc/passwd'],
    ])('§9.15 %s %s is 404 in Canvas’s form, logged in or not', async (method, target) => {
      for (const who of [token, undefined]) {
        const reply = await readReply(await sample.send(who, target, { method }));
        // A course that cannot be read is looked for only after the login.
        if (who === undefined && reply.status === 401) continue;
        expect([reply.status, reply.body]).toEqual([404, missing]);
        expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
      }
    });

    test('§1 a trailing .json is accepted', async () => {
      expect((await sample.send(token, `${path}.json?per_page=1`)).status).toBe(200);
      expect((await sample.send(token, '/api/v1/users/self.json')).status).toBe(200);
    });

    test('§1.5 a course may be named in SIS form', async () => {
      const reply = await readReply(
        await sample.send(token, '/api/v1/courses/sis_course_id:MATH-7B/live_assessments'),
      );
      expect(reply.status).toBe(200);
      expect(reply.text).toContain(
        `${schoolOrigin}/api/v1/courses/101/live_assessments/{assessments.id}/results`,
      );
      const unknown = await sample.send(token, '/api/v1/courses/sis_course_id:NONE/live_assessments');
      expect(unknown.status).toBe(404);
    });

    test('§3.6 no answer allows another origin', async () => {
      const reply = await sample.send(token, path, { headers: { origin: 'https://elsewhere.test' } });
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    });

    test('HEAD is answered as GET, without the body', async () => {
      const reply = await readReply(await sample.send(token, path, { method: 'HEAD' }));
      expect([reply.status, reply.text]).toEqual([200, '']);
    });
  });

  describe('bodies', () => {
    test.each(['{', '{"assessments":[}', 'null,', '{"a":1}x', "{'a':1}"])(
      'broken JSON is 400: %s',
      async (body) => {
        const reply = await post(body, 'application/json');
        expect(reply.status).toBe(400);
        expect(reply.body).toHaveProperty('errors');
      },
    );

    test.each(['', ' ', 'null', '[]', '"x"', '7', '{}'])(
      'JSON without the key is a missing key: %j',
      async (body) => {
        const reply = await post(body, 'application/json');
        expect([reply.status, reply.body]).toEqual([400, rejection('missing required key :assessments')]);
      },
    );

    test('bytes that are no UTF-8 are 400', async () => {
      const reply = await post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'application/json');
      expect(reply.status).toBe(400);
    });

    test('a body of an unknown type is not looked at', async () => {
      const body = JSON.stringify({ assessments: [] });
      for (const type of ['text/plain', 'application/octet-stream', 'nonsense']) {
        expect((await post(body, type)).body).toEqual(rejection('missing required key :assessments'));
      }
      expect((await post(body, 'application/json; charset=utf-8')).status).toBe(200);
      expect((await post(body, 'application/vnd.api+json')).status).toBe(200);
    });

    test('a body beyond the limit is 413, whatever its length says', async () => {
      const big = 'x'.repeat(9 * 1024 * 1024);
      expect((await post(big, 'application/json')).status).toBe(413);
      const stream = new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(1024 * 1024));
        },
      });
      const endless = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
      const reply = await sample.send(token, path, {
        ...endless,
        headers: { 'content-type': 'application/json' },
      });
      expect(reply.status).toBe(413);
    });

    test('depth does no harm', async () => {
      for (const body of [
        '['.repeat(1_000_000),
        `{"assessments":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      ]) {
        expect((await post(body, 'application/json')).status).toBeLessThanOrEqual(500);
      }
      const deep = `{"assessments":[{"key":"${freshKey()}","title":"t","x":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}]}`;
      expect((await post(deep, 'application/json')).status).toBe(200);
    });

    test('a field called __proto__ or constructor is a field like any other', async () => {
      const body = `{"__proto__":{"assessments":[]},"constructor":1}`;
      expect((await post(body, 'application/json')).body).toEqual(
        rejection('missing required key :assessments'),
      );
      const form = await post('__proto__[assessments][]=1', 'application/x-www-form-urlencoded');
      expect(form.body).toEqual(rejection('missing required key :assessments'));
    });
  });

  describe('§3.3 forms', () => {
    const form = 'application/x-www-form-urlencoded';

    test('are understood as Rails nests them', async () => {
      const key = freshKey();
      const body = new URLSearchParams({
        'assessments[][key]': key,
        'assessments[][title]': 'Täg',
        'assessments[][links][outcome]': '201',
      });
      const assessment = assessmentsIn(await post(body.toString(), form))[0];
      expect(assessment).toMatchObject({ key, title: 'Täg' });
      const results: [string, string][] = [
        ['results[][passed]', 'off'],
        ['results[][assessed_at]', '2026-09-01'],
        ['results[][links][user]', '1002'],
        ['results[][passed]', 'yes'],
        ['results[][assessed_at]', '2026-09-02'],
        ['results[][links][user]', '1003'],
      ];
      const target = `${path}/${assessment?.id ?? ''}/results`;
      const reply = await post(new URLSearchParams(results).toString(), form, target);
      expect(resultsIn(reply).map((row) => [row.links.user, row.passed])).toEqual([
        ['1002', false],
        ['1003', true],
      ]);
    });

    test('may be multipart', async () => {
      const body = new FormData();
      body.append('assessments[][key]', freshKey());
      body.append('assessments[][title]', 'by form');
      body.append('assessments[][file]', new Blob(['x']), 'x.txt');
      const reply = await readReply(await sample.send(token, path, { method: 'POST', body }));
      expect(assessmentsIn(reply)[0]?.title).toBe('by form');
      expect((await post('--x\r\nnonsense', 'multipart/form-data; boundary=x')).status).toBe(400);
      expect((await post('x', 'multipart/form-data')).status).toBe(400);
    });

    test('§1.7 with numbers for keys they are an object, not a list', async () => {
      const reply = await post('assessments[0][key]=k&assessments[0][title]=t', form);
      expect([reply.status, reply.body]).toEqual([400, rejection('missing required key :assessments')]);
    });

    test.each(['a=1&a[b]=2&assessments[]=x&assessments[b]=y', `a${'[b]'.repeat(200)}=1`])(
      'that contradict themselves or never end are 400',
      async (body) => {
        expect((await post(body, form)).status).toBe(400);
      },
    );
  });

  test('§2 leaves links out, the least useful first, where they would not fit a header', async () => {
    const long = `x=${'y'.repeat(2500)}`;
    const link = (await sample.send(token, `${path}?per_page=1&page=2&${long}`)).headers.get('link') ?? '';
    expect(link.length).toBeLessThan(6 * 1024);
    expect(link).toMatch(/rel="next"|rel="last"/);
    expect(link).not.toMatch(/rel="first"/);
  });

  test('§1.9 revision A answers 401 for a missing right, and judges values in the model', async () => {
    const old = await openSampleSchool({ url: await newUrl(), revision: 'A' });
    const student = await old.tokenFor('student');
    const refused = await old.send(student, path);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, null]);
    const teacher = await old.tokenFor('teacher');
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const made = await old.send(teacher, path, {
      ...json,
      body: '{"assessments":[{"key":"k","title":"t"}]}',
    });
    const target = `${path}/${assessmentsIn(await readReply(made))[0]?.id ?? ''}/results`;
    const send = async (results: unknown[]) =>
      readReply(await old.send(teacher, target, { ...json, body: JSON.stringify({ results }) }));
    const invalid = await send([result('1002', { passed: null, assessed_at: 'x' })]);
    expect(invalid.status).toBe(422);
    expect(invalid.body).toMatchObject({
      errors: [
        { field: 'passed', error_code: 'inclusion' },
        { field: 'assessed_at', error_code: 'blank' },
      ],
    });
    // Whoever has left still counts, and there is no limit to a batch.
    expect((await send(Array.from({ length: 10_001 }, () => result('501')))).status).toBe(200);
    await old.close();
    expect(old.unexpected).toEqual([]);
  });
});
