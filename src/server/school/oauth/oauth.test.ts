import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readReply } from '#testing/canvas-contract/subject.ts';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool, type SampleSchool, testKeys } from '#testing/sample-school.ts';

onEachDatabase((newUrl) => {
  let sample: SampleSchool;
  beforeAll(async () => {
    sample = await openSampleSchool({ url: await newUrl() });
  });
  afterAll(async () => {
    await sample.close();
    expect(sample.unexpected).toEqual([]);
  });

  const { confidential, open } = testKeys;
  const request = {
    client_id: confidential.clientId,
    response_type: 'code',
    redirect_uri: 'https://marks.test/return?from=school',
    state: 'a state & more',
    scope: 'url:GET|/api/v1/courses url:GET|/api/v1/users/:id',
  };
  const client = { client_id: confidential.clientId, client_secret: confidential.clientSecret };

  function get(parameters: Record<string, string>, accept = 'text/html') {
    const path = `/login/oauth2/auth?${new URLSearchParams(parameters).toString()}`;
    return sample.send(undefined, path, { headers: { accept } });
  }

  function submit(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    const form = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
    const body = new URLSearchParams(fields).toString();
    return sample.send(undefined, path, { method: 'POST', headers: form, body });
  }

  /** Signs somebody in and gives where the browser was sent. */
  async function signIn(fields: Record<string, string> = {}, login = 'teacher'): Promise<URL> {
    const response = await submit('/login/oauth2/auth', { ...request, ...fields, login });
    expect(response.status).toBe(303);
    return new URL(response.headers.get('location') ?? '');
  }

  async function codeOf(fields: Record<string, string> = {}, login = 'teacher'): Promise<string> {
    return (await signIn(fields, login)).searchParams.get('code') ?? '';
  }

  async function exchange(fields: Record<string, string>, headers: Record<string, string> = {}) {
    return readReply(await submit('/login/oauth2/token', fields, headers));
  }

  const tokens = v.object({ access_token: v.string(), refresh_token: v.optional(v.string()) });

  async function grant(login = 'teacher') {
    const code = await codeOf({}, login);
    return v.parse(tokens, (await exchange({ ...client, grant_type: 'authorization_code', code })).body);
  }

  async function callWith(token: string) {
    return readReply(await sample.send(token, '/api/v1/users/self'));
  }

  describe('§3.2 the sign-in page', () => {
    test('offers one button a person, says that the school is a sample, and names the program', async () => {
      const response = await get(request);
      const page = await response.text();
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i);
      for (const login of ['teacher', 'coteacher', 'ta', 'designer', 'student']) {
        expect(page).toContain(`>Sign in as ${login}</button>`);
      }
      expect(page).toContain('This is a sample school');
      expect(page).toContain('Marking &lt;program&gt;');
      expect(page).not.toContain('<program>');
      expect(page).toContain('value="a state &amp; more"');
    });

    test('runs no script, no foreign or inline style, and cannot be framed', async () => {
      const response = await get(request);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("form-action 'self' https://marks.test");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(await response.text()).not.toMatch(/<script|<style|style=|\son\w+=/i);
      expect((await sample.send(undefined, '/login/oauth2/style.css')).headers.get('content-type')).toMatch(
        /^text\/css/,
      );
    });

    test('sends the browser back with a code of 128 hex characters and the state', async () => {
      const url = await signIn();
      expect(`${url.origin}${url.pathname}`).toBe('https://marks.test/return');
      expect(url.searchParams.get('from')).toBe('school');
      expect(url.searchParams.get('state')).toBe(request.state);
      expect(url.searchParams.get('code')).toMatch(/^[0-9a-f]{128}$/);
    });

    test('Cancel goes back with access_denied', async () => {
      const response = await submit('/login/oauth2/auth', { ...request, cancel: '1' });
      const url = new URL(response.headers.get('location') ?? '');
      expect(url.searchParams.get('error')).toBe('access_denied');
      expect(url.searchParams.get('state')).toBe(request.state);
    });

    test('an unknown login shows the page again and gives no code', async () => {
      const response = await submit('/login/oauth2/auth', { ...request, login: 'nobody' });
      expect([response.status, response.headers.get('location')]).toEqual([200, null]);
    });

    test('a form sent by another site is refused', async () => {
      const fields = { ...request, login: 'teacher' };
      const response = await submit('/login/oauth2/auth', fields, { 'sec-fetch-site': 'cross-site' });
      expect([response.status, response.headers.get('location')]).toEqual([403, null]);
    });

    test.each([
      ['response_type', 'token', 'unsupported_response_type'],
      ['prompt', 'none', 'login_required'],
      ['prompt', 'always', 'unsupported_prompt_type'],
      ['code_challenge', 'short', 'invalid_request'],
    ])('%s=%s goes back with %s', async (name, value, error) => {
      const response = await get({ ...request, [name]: value });
      const url = new URL(response.headers.get('location') ?? '');
      expect([response.status, url.host]).toEqual([303, 'marks.test']);
      expect(url.searchParams.get('error')).toBe(error);
      expect(url.searchParams.get('error_description')).not.toBe('');
      expect(url.searchParams.get('state')).toBe(request.state);
    });

    test.each(['unknown', ''])('an unknown client %j is 401 and goes nowhere', async (clientId) => {
      const reply = await readReply(await get({ ...request, client_id: clientId }, 'application/json'));
      expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, 'Canvas OAuth 2.0']);
      expect(reply.body).toMatchObject({ error: 'invalid_client' });
    });

    test.each([
      'https://evil.test/return',
      'https://marks.test.evil.test/',
      'https://evilmarks.test/',
      'http://marks.test/return',
      'https://marks.test@evil.test/',
      'https://user:pw@marks.test/',
      'javascript:alert(1)',
      '//marks.test/',
      '',
    ])('a redirect to %s is 400 and goes nowhere', async (redirectUri) => {
      for (const response of [
        await get({ ...request, redirect_uri: redirectUri }),
        await submit('/login/oauth2/auth', { ...request, redirect_uri: redirectUri, login: 'teacher' }),
      ]) {
        expect([response.status, response.headers.get('location')]).toEqual([400, null]);
      }
    });

    test.each(['https://marks.test:8443/x', 'https://app.marks.test/'])(
      'a redirect to %s is the key’s',
      async (uri) => {
        expect((await get({ ...request, redirect_uri: uri })).status).toBe(200);
      },
    );

    test('a native program gets its code on a page', async () => {
      const fields = { ...request, redirect_uri: 'urn:ietf:wg:oauth:2.0:oob', login: 'ta' };
      const response = await submit('/login/oauth2/auth', fields);
      const code = /<code>([0-9a-f]{128})<\/code>/.exec(await response.text())?.[1] ?? '';
      expect((await exchange({ ...client, grant_type: 'authorization_code', code })).status).toBe(200);
    });
  });

  describe('§3.2 the token endpoint', () => {
    test('exchanges a code for a token of an hour and a refresh token', async () => {
      const reply = await exchange({ ...client, grant_type: 'authorization_code', code: await codeOf() });
      expect(reply.status).toBe(200);
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(reply.body).toEqual({
        access_token: expect.any(String) as string,
        token_type: 'Bearer',
        // A number, whatever Accept says.
        user: { id: 11, name: 'Miriam Aalto', global_id: '11', effective_locale: 'en', fake_student: false },
        canvas_region: 'unknown',
        refresh_token: expect.any(String) as string,
        expires_in: 3600,
      });
      const { access_token: token } = v.parse(tokens, reply.body);
      expect((await callWith(token)).body).toMatchObject({ name: 'Miriam Aalto' });
    });

    test('takes the client’s name and secret by HTTP Basic, and JSON', async () => {
      const credentials = Buffer.from(`${confidential.clientId}:${confidential.clientSecret}`).toString(
        'base64',
      );
      const fields = { grant_type: 'authorization_code', code: await codeOf() };
      expect((await exchange(fields, { authorization: `Basic ${credentials}` })).status).toBe(200);
      const json = await sample.send(undefined, '/login/oauth2/token', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...client, grant_type: 'authorization_code', code: await codeOf() }),
      });
      expect(json.status).toBe(200);
    });

    test('a code works once, for ten minutes, for its client and its address', async () => {
      const ask = (code: string, more = {}) =>
        exchange({ ...client, grant_type: 'authorization_code', code, ...more });
      const notFound = { error: 'invalid_grant', error_description: 'authorization_code not found' };
      const code = await codeOf();
      expect((await ask(code, { redirect_uri: request.redirect_uri })).status).toBe(200);
      expect((await ask(code)).body).toEqual(notFound);
      const elsewhere = await codeOf();
      expect((await ask(elsewhere, { redirect_uri: 'https://marks.test/other' })).status).toBe(400);
      expect((await ask(elsewhere)).status).toBe(400);
      const late = await codeOf();
      await sample.clock.advance(600_000);
      expect((await ask(late)).body).toEqual(notFound);
      expect((await ask('')).status).toBe(400);
      expect((await ask('f'.repeat(128))).status).toBe(400);
    });

    test('two exchanges of one code at once give one token', async () => {
      const fields = { ...client, grant_type: 'authorization_code', code: await codeOf() };
      const replies = await Promise.all([1, 2, 3, 4].map(() => exchange(fields)));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    test.each([
      ['an unknown client', { client_id: 'x', client_secret: 'y' }],
      ['a wrong secret', { ...client, client_secret: 'wrong' }],
      ['no secret', { client_id: confidential.clientId }],
      ['nothing', {}],
      ['a secret for a public client', { client_id: open.clientId, client_secret: 'x' }],
    ])('%s is 401 invalid_client', async (_name, credentials) => {
      const code = await codeOf();
      const fields = { ...credentials, grant_type: 'authorization_code', code } as Record<string, string>;
      const reply = await exchange(fields);
      expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, 'Canvas OAuth 2.0']);
      expect(reply.body).toMatchObject({ error: 'invalid_client' });
      // The code is still there for the one it was meant for.
      expect((await exchange({ ...client, grant_type: 'authorization_code', code })).status).toBe(200);
    });

    test('an unknown grant is unsupported', async () => {
      const reply = await exchange({ ...client, grant_type: 'password' });
      expect([reply.status, reply.body]).toMatchObject([400, { error: 'unsupported_grant_type' }]);
    });

    test('a refresh gives a new token without a refresh token, and kills the one before', async () => {
      const first = await grant();
      const refresh = { ...client, grant_type: 'refresh_token', refresh_token: first.refresh_token ?? '' };
      const reply = await exchange(refresh);
      expect(reply.body).not.toHaveProperty('refresh_token');
      const second = v.parse(tokens, reply.body);
      expect((await callWith(first.access_token)).body).toEqual({
        errors: [{ message: 'Invalid access token.' }],
      });
      expect((await callWith(second.access_token)).status).toBe(200);
      const third = v.parse(tokens, (await exchange(refresh)).body);
      expect((await callWith(second.access_token)).status).toBe(401);
      expect((await callWith(third.access_token)).status).toBe(200);
    });

    test('a token of a key expires after an hour; refreshing makes it good again', async () => {
      const granted = await grant();
      await sample.clock.advance(3_599_999);
      expect((await callWith(granted.access_token)).status).toBe(200);
      await sample.clock.advance(1);
      const expired = await callWith(granted.access_token);
      expect([expired.status, expired.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer realm="canvas-lms"',
      ]);
      expect(expired.body).toEqual({
        errors: [{ message: 'Expired access token.', expired_at: expect.stringMatching(/Z$/) as string }],
      });
      const refresh = { ...client, grant_type: 'refresh_token', refresh_token: granted.refresh_token ?? '' };
      const { access_token: token } = v.parse(tokens, (await exchange(refresh)).body);
      expect((await callWith(token)).status).toBe(200);
    });

    test('a bad refresh token is 400 invalid_request', async () => {
      const reply = await exchange({ ...client, grant_type: 'refresh_token', refresh_token: 'x' });
      expect([reply.status, reply.body]).toEqual([
        400,
        { error: 'invalid_request', error_description: 'refresh_token not found' },
      ]);
    });

    test('DELETE ends the token and its refresh token', async () => {
      const granted = await grant('ta');
      const ended = await readReply(
        await sample.send(granted.access_token, '/login/oauth2/token?expire_sessions=1', {
          method: 'DELETE',
        }),
      );
      expect([ended.status, ended.body]).toEqual([200, {}]);
      expect((await callWith(granted.access_token)).status).toBe(401);
      const refresh = { ...client, grant_type: 'refresh_token', refresh_token: granted.refresh_token ?? '' };
      expect((await exchange(refresh)).status).toBe(400);
      const without = await readReply(
        await sample.send(undefined, '/login/oauth2/token', { method: 'DELETE' }),
      );
      expect([without.status, without.body]).toEqual([400, { message: expect.any(String) as string }]);
    });
  });

  describe('§3.2 PKCE', () => {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = {
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };

    test('the verifier must fit the challenge', async () => {
      const ask = async (more: Record<string, string>, fields: Record<string, string> = challenge) =>
        (await exchange({ ...client, grant_type: 'authorization_code', code: await codeOf(fields), ...more }))
          .status;
      expect(await ask({ code_verifier: verifier })).toBe(200);
      expect(await ask({ code_verifier: `${verifier}x` })).toBe(400);
      expect(await ask({})).toBe(400);
      // Somebody took the challenge out of the request on its way.
      expect(await ask({ code_verifier: verifier }, {})).toBe(400);
    });

    test('S256 is the only method', async () => {
      const response = await get({ ...request, ...challenge, code_challenge_method: 'plain' });
      expect(new URL(response.headers.get('location') ?? '').searchParams.get('error')).toBe(
        'invalid_request',
      );
    });

    test('a public client needs a challenge, and no secret', async () => {
      const publicRequest = { client_id: open.clientId, redirect_uri: 'https://open.test/' };
      const without = await get({ ...request, ...publicRequest });
      expect(new URL(without.headers.get('location') ?? '').searchParams.get('error')).toBe(
        'invalid_request',
      );
      const code = await codeOf({ ...publicRequest, ...challenge });
      const fields = {
        client_id: open.clientId,
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
      };
      expect((await exchange(fields)).status).toBe(200);
    });
  });

  test('a key’s codes and refresh tokens are worth nothing to another key', async () => {
    const verifier = 'v'.repeat(43);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const code = await codeOf({ code_challenge: challenge, code_challenge_method: 'S256' });
    const asOther = { client_id: open.clientId, code_verifier: verifier };
    const stolen = await exchange({ ...asOther, grant_type: 'authorization_code', code });
    expect([stolen.status, stolen.body]).toMatchObject([400, { error: 'invalid_grant' }]);
    const granted = await grant();
    const refresh = { grant_type: 'refresh_token', refresh_token: granted.refresh_token ?? '' };
    expect((await exchange({ client_id: open.clientId, ...refresh })).status).toBe(400);
    expect((await exchange({ ...client, ...refresh })).status).toBe(200);
  });

  describe('§3.1 scopes', () => {
    const limited = {
      clientId: '7003',
      clientSecret: 'another secret of the tests',
      name: 'Limited',
      redirectUris: ['https://limited.test'],
      enforcesScopes: true,
    };
    const wide = { ...limited, clientId: '7004', allowsIncludes: true };

    async function tokenWith(scope: string, key = limited) {
      const keyed = { client_id: key.clientId, redirect_uri: 'https://limited.test/', scope };
      const fields = { ...request, ...keyed, login: 'teacher' };
      const body = new URLSearchParams(fields).toString();
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const post = { method: 'POST', headers: form };
      const sent = await school.send(undefined, '/login/oauth2/auth', { ...post, body });
      const { searchParams } = new URL(sent.headers.get('location') ?? '');
      const error = searchParams.get('error');
      if (error !== null) return { error };
      const exchangeBody = new URLSearchParams({
        client_id: key.clientId,
        client_secret: key.clientSecret,
        code: searchParams.get('code') ?? '',
        grant_type: 'authorization_code',
      }).toString();
      const answer = await school.send(undefined, '/login/oauth2/token', { ...post, body: exchangeBody });
      return { token: v.parse(tokens, await answer.json()).access_token };
    }

    let school: SampleSchool;
    beforeAll(async () => {
      school = await openSampleSchool({ url: await newUrl(), developerKeys: [limited, wide] });
    });
    afterAll(() => school.close());

    test('let a token do what they say, HEAD as GET, and nothing else', async () => {
      const { token } = await tokenWith('url:GET|/api/v1/courses/:course_id/users url:GET|/api/v1/users/:id');
      expect((await school.send(token, '/api/v1/courses/101/users')).status).toBe(200);
      expect((await school.send(token, '/api/v1/courses/101/users.json', { method: 'HEAD' })).status).toBe(
        200,
      );
      expect((await school.send(token, '/api/v1/users/self')).status).toBe(200);
      for (const path of ['/api/v1/courses', '/api/v1/courses/101/live_assessments']) {
        const reply = await readReply(await school.send(token, path));
        expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, null]);
        expect(reply.body).toEqual({ errors: [{ message: 'Insufficient scopes on access token.' }] });
      }
      const post = await school.send(token, '/api/v1/courses/101/live_assessments', { method: 'POST' });
      expect(post.status).toBe(401);
    });

    test('cut include silently, unless the key allows it', async () => {
      const scope = 'url:GET|/api/v1/courses/:course_id/users';
      const path = '/api/v1/courses/101/users?include[]=enrollments&user_ids[]=15';
      for (const [key, seen] of [
        [limited, false],
        [wide, true],
      ] as const) {
        const { token } = await tokenWith(scope, key);
        const reply = await readReply(await school.send(token, path));
        expect([reply.status, reply.text.includes('"enrollments"')]).toEqual([200, seen]);
      }
    });

    test.each(['', 'everything', 'url:GET|/etc/passwd', 'url:GET|/api/v1/courses x'])(
      'asked for as %j are invalid_scope',
      async (scope) => {
        expect(await tokenWith(scope)).toEqual({ error: 'invalid_scope' });
      },
    );
  });

  test('a school that is not the sample lets nobody in by name', async () => {
    const empty = await openSampleSchool({ url: await newUrl(), sampleIfEmpty: false });
    const path = `/login/oauth2/auth?${new URLSearchParams(request).toString()}`;
    const page = await (await empty.send(undefined, path)).text();
    expect(page).not.toContain('Sign in as');
    expect(page).not.toContain('sample');
    await empty.close();
  });
});
