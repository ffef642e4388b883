import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool, type SampleSchool, testKeys } from '#testing/sample-school.ts';
import { issueToken } from '../auth/access-tokens.ts';
import { samplePeople } from '../sample/ids.ts';
import type { SchoolTables } from '../tables.ts';
import { issueSignInLink } from './sign-in-links.ts';

/* A school that is not the sample: nobody can be anybody by one tap. */

onEachDatabase((newUrl) => {
  let school: SampleSchool;
  beforeEach(async () => {
    school = await openSampleSchool({ url: await newUrl() });
    await tables().updateTable('schoolFacts').set({ value: 'no' }).where('name', '=', 'sample').execute();
  });
  afterEach(async () => {
    await school.close();
    expect(school.unexpected).toEqual([]);
  });

  const tables = () => school.database.tables<SchoolTables>();

  const request = new URLSearchParams({
    client_id: testKeys.confidential.clientId,
    response_type: 'code',
    redirect_uri: 'https://marks.test/return',
    state: 's',
  });
  const signInPath = `/login/oauth2/auth?${request.toString()}`;
  const html = { accept: 'text/html' };

  const get = (path: string, headers: Record<string, string> = {}) =>
    school.send(undefined, path, { headers: { ...html, ...headers } });
  const post = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    school.send(undefined, path, {
      method: 'POST',
      headers: { ...html, ...headers },
      body: new URLSearchParams(fields),
    });
  const newLink = async (userId: string = samplePeople.teacher) =>
    `/login/link/${await issueSignInLink(tables(), school.clock, userId)}`;

  /** Presses the button of a link's page. @returns the cookie the browser now has */
  async function follow(link: string): Promise<string> {
    const answer = await post(link);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/tapmark/sign-in');
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  /** Whom the code in the address belongs to. */
  async function personOf(answer: Response): Promise<string> {
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const { clientId, clientSecret } = testKeys.confidential;
    const tokens = await post('/login/oauth2/token', {
      grant_type: 'authorization_code',
      client_id: clientId,
      client_secret: clientSecret,
      code,
    });
    const { user } = (await tokens.json()) as { user: { id: number } };
    return String(user.id);
  }

  describe('a sign-in link', () => {
    test('names the person, and after one tap signs them in without another question', async () => {
      const link = await newLink();
      const page = await get(link);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('Sign in as <bdi>Miriam Aalto</bdi>');
      const cookie = await follow(link);
      const answer = await get(signInPath, { cookie });
      expect(answer.status).toBe(303);
      expect(await personOf(answer)).toBe(samplePeople.teacher);
      expect(answer.headers.get('set-cookie')).toMatch(/^tapmark-link=; Max-Age=0/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    test('works once', async () => {
      const link = await newLink();
      const cookie = await follow(link);
      await get(signInPath, { cookie });
      expect((await get(link)).status).toBe(410);
      expect((await post(link)).status).toBe(410);
      const again = await get(signInPath, { cookie });
      expect(again.status).toBe(200);
      expect(await again.text()).toContain('access token');
    });

    test('lets one of two in who follow it at the same moment', async () => {
      const cookie = await follow(await newLink());
      const answers = await Promise.all([0, 1, 2, 3].map(() => get(signInPath, { cookie })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 303]);
    });

    test('is not used up by looking at it, however often', async () => {
      const link = await newLink();
      for (let n = 0; n < 3; n += 1) await get(link);
      expect((await get(signInPath, { cookie: await follow(link) })).status).toBe(303);
    });

    test('dies after a quarter of an hour, on either page', async () => {
      const link = await newLink();
      const cookie = await follow(link);
      await school.clock.advance(15 * 60_000);
      const page = await get(link);
      expect(page.status).toBe(410);
      expect(await page.text()).toContain('This link no longer works');
      expect((await get(signInPath, { cookie })).status).toBe(200);
    });

    test.each(['', 'x', 'x'.repeat(43), '%00', '..%2f..'])('%j is no link', async (secret) => {
      const answer = await get(`/login/link/${secret}`);
      expect([404, 410]).toContain(answer.status);
    });

    test('cannot be followed from the page of somebody else', async () => {
      const answer = await post(await newLink(), {}, { 'sec-fetch-site': 'cross-site' });
      expect(answer.status).toBe(403);
    });

    test('travels in a cookie that no script reads, and over TLS alone where there is TLS', async () => {
      const answer = await post(await newLink(), {}, { origin: 'https://marks.test' });
      expect(answer.headers.get('set-cookie')).toMatch(
        /Max-Age=900; Path=\/login\/oauth2\/auth; HttpOnly; Secure; SameSite=Lax$/,
      );
    });
  });

  describe('the sign-in page of a school that is not the sample', () => {
    test('offers nobody by name, and takes no name', async () => {
      const page = await (await get(signInPath)).text();
      expect(page).not.toContain('Sign in as');
      expect(page).not.toContain('sample');
      const answer = await post(signInPath, { ...Object.fromEntries(request), login: 'teacher' });
      expect(answer.status).toBe(200);
    });

    async function tokenWith(grant: { clientId?: string; scopes?: string; expiresAt?: number }) {
      const { accessToken } = await issueToken(tables(), school.clock, {
        userId: samplePeople.coteacher,
        clientId: null,
        scopes: null,
        purpose: null,
        ...grant,
      });
      return post(signInPath, { ...Object.fromEntries(request), token: ` ${accessToken} ` });
    }

    test('takes an access token made by hand', async () => {
      expect(await personOf(await tokenWith({}))).toBe(samplePeople.coteacher);
    });

    test.each([
      ["a program's", { clientId: testKeys.open.clientId }],
      ['limited to some requests', { scopes: 'url:GET|/api/v1/courses' }],
      ['over', { expiresAt: 1 }],
    ])('takes no token that is %s', async (_words, grant) => {
      const answer = await tokenWith(grant);
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('role="alert"');
    });

    test('keeps what was asked for when a token does not fit, and shows the token nowhere', async () => {
      const fields = { ...Object.fromEntries(request), token: 'no token at all' };
      const page = await (await post(signInPath, fields)).text();
      expect(page).toContain('name="redirect_uri" value="https://marks.test/return"');
      expect(page).not.toContain('no token at all');
    });
  });
});
