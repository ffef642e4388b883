import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readReply } from '#testing/canvas-contract/subject.ts';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';
import { samplePeople } from './sample/ids.ts';

onEachDatabase((newUrl) => {
  let sample: SampleSchool;
  beforeAll(async () => {
    sample = await openSampleSchool({ url: await newUrl() });
  });
  afterAll(async () => {
    await sample.close();
    expect(sample.unexpected).toEqual([]);
  });

  async function get(path: string, headers: Record<string, string> = {}) {
    return readReply(await sample.send(undefined, path, { headers }));
  }

  const challenge = 'Bearer realm="canvas-lms"';

  describe('§3.1 bearer tokens', () => {
    test('without a token the answer is 401 and asks for a login', async () => {
      const reply = await get('/api/v1/users/self');
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe(challenge);
      expect(reply.body).toEqual({
        status: 'unauthenticated',
        errors: [{ message: 'user authorization required' }],
      });
    });

    test.each(['Basic x', 'bearer TOKEN', 'BEARER TOKEN', 'Bearer', 'Bearer ', 'TOKEN'])(
      'the scheme is exactly Bearer: %j is no token',
      async (header) => {
        const authorization = header.replace('TOKEN', await sample.tokenFor('teacher'));
        const reply = await get('/api/v1/users/self', { authorization });
        expect(reply.body).toMatchObject({ status: 'unauthenticated' });
      },
    );

    test.each(['x', '1~x', 'x'.repeat(100_000), 'ä', '%00'])('an unknown token is invalid', async (token) => {
      const reply = await get(`/api/v1/users/self?access_token=${encodeURIComponent(token)}`);
      expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, challenge]);
      expect(reply.body).toEqual({ errors: [{ message: 'Invalid access token.' }] });
    });

    test('a token may come as access_token, in the address or in the body', async () => {
      const token = await sample.tokenFor('teacher');
      const byAddress = await get(`/api/v1/courses?per_page=1&access_token=${encodeURIComponent(token)}`);
      expect(byAddress.status).toBe(200);
      // §2: and never goes into a link.
      expect(byAddress.headers.get('link')).not.toContain('access_token');
      const response = await sample.send(undefined, '/api/v1/courses/101/live_assessments', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ access_token: token, assessments: [] }),
      });
      expect(response.status).toBe(200);
    });

    test('a revoked token says so', async () => {
      const { tokenFor, close, send } = await openSampleSchool({ url: await newUrl() });
      const token = await tokenFor('teacher');
      expect((await send(token, '/login/oauth2/token', { method: 'DELETE' })).status).toBe(200);
      const reply = await readReply(await send(token, '/api/v1/users/self'));
      expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, challenge]);
      expect(reply.body).toEqual({ errors: [{ message: 'Revoked access token.' }] });
      await close();
    });

    test('the database keeps no token', async () => {
      const { mkdtempSync, readFileSync, readdirSync, rmSync } = await import('node:fs');
      const folder = mkdtempSync('/tmp/tapmark-tokens-');
      const { tokenFor, close } = await openSampleSchool({ url: `sqlite:${folder}/school.db` });
      const token = await tokenFor('teacher');
      await close();
      for (const file of readdirSync(folder)) {
        expect(readFileSync(`${folder}/${file}`).includes(token)).toBe(false);
      }
      rmSync(folder, { recursive: true });
    });
  });

  describe('§3.3 ids', () => {
    test('are numbers without the header, to the last digit', async () => {
      const token = await sample.tokenFor('teacher');
      const path = `/api/v1/courses/101/users?user_ids[]=${samplePeople.bigId}&include[]=enrollments`;
      const { text } = await readReply(await sample.send(token, path));
      expect(text).toMatch(`"id":${samplePeople.bigId},`);
      expect(text).toMatch(`"user_id":${samplePeople.bigId},"course_id":101,`);
    });

    test('are strings with it, and nothing else is', async () => {
      const token = await sample.tokenFor('teacher');
      const path = `/api/v1/courses/101/users?user_ids[]=${samplePeople.bigId}&include[]=enrollments`;
      const headers = { accept: 'text/html, application/json+canvas-string-ids;q=0.9' };
      const { body } = await readReply(await sample.send(token, path, { headers }));
      expect(body).toMatchObject([
        {
          id: samplePeople.bigId,
          enrollments: [{ user_id: samplePeople.bigId, role_id: '3', total_activity_time: 0 }],
        },
      ]);
    });
  });

  describe('§3.4 masquerading', () => {
    test('an administrator acts as somebody else, and the results are theirs', async () => {
      const admin = await sample.tokenFor('admin');
      const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
      const path = '/api/v1/courses/101/live_assessments';
      const made = await sample.send(admin, path, {
        ...json,
        body: '{"assessments":[{"key":"as","title":"t"}]}',
      });
      const { assessments } = (await made.json()) as { assessments: { id: string }[] };
      const results = [{ passed: true, assessed_at: '2026-09-01T10:00:00', links: { user: '15' } }];
      const reply = await readReply(
        await sample.send(
          admin,
          `${path}/${assessments[0]?.id ?? ''}/results?as_user_id=${samplePeople.teacher}`,
          {
            ...json,
            body: JSON.stringify({ results }),
          },
        ),
      );
      // The time without an offset is read in the teacher's zone too.
      expect(reply.body).toMatchObject({
        results: [{ assessed_at: '2026-09-01T08:00:00Z', links: { assessor: samplePeople.teacher } }],
      });
      expect(reply.headers.get('x-canvas-user-id')).toBe(samplePeople.teacher);
      expect(reply.headers.get('x-canvas-real-user-id')).toBe(samplePeople.admin);
    });

    test.each([
      ['teacher', samplePeople.ta],
      ['admin', '424242'],
      ['admin', 'x'],
      ['admin', ''],
    ])('%s may not act as %s', async (login, id) => {
      const reply = await readReply(
        await sample.send(await sample.tokenFor(login), `/api/v1/users/self?as_user_id=${id}`),
      );
      expect([reply.status, reply.body]).toEqual([401, { errors: 'Invalid as_user_id' }]);
    });

    test('acting as oneself is nothing', async () => {
      const token = await sample.tokenFor('ta');
      const reply = await sample.send(token, `/api/v1/users/self?as_user_id=${samplePeople.ta}`);
      expect([reply.status, reply.headers.get('x-canvas-real-user-id')]).toEqual([200, null]);
    });
  });

  test('§3.7 names the caller in a header', async () => {
    const reply = await sample.send(await sample.tokenFor('ta'), '/api/v1/users/self');
    expect(reply.headers.get('x-canvas-user-id')).toBe(samplePeople.ta);
  });
});
