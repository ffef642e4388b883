import { type Context, Hono } from 'hono';
import { KEY_TOKEN_MS, issueToken, refreshToken, revokeToken } from '../auth/access-tokens.ts';
import { jsonHeaders } from '../http/answer-refusal.ts';
import { bearerToken } from '../http/call.ts';
import { type Parameters, readParameters } from '../http/parameters.ts';
import { badToken, Refusal } from '../http/refusal.ts';
import { idNumber, type Json, writeJson } from '../http/write-json.ts';
import type { DeveloperKey } from '../options.ts';
import type { School } from '../school-parts.ts';
import { oauthError } from './authorization-request.ts';
import { redeemCode } from './codes.ts';
import { findKey, provesItself } from './developer-keys.ts';

/** `POST` and `DELETE /login/oauth2/token` (contract §3.2). */
export function tokenRoutes(school: School): Hono {
  return new Hono()
    .post('/login/oauth2/token', (context) => giveToken(school, context))
    .delete('/login/oauth2/token', (context) => endToken(school, context));
}

async function giveToken(school: School, context: Context): Promise<Response> {
  const parameters = await readParameters(context.req.raw, new URL(context.req.url));
  const key = authenticateClient(school.developerKeys, parameters, context.req.header('authorization'));
  switch (parameters['grant_type']) {
    case 'authorization_code':
    case undefined:
      return answer(await exchangeCode(school, key, parameters));
    case 'refresh_token':
      return answer(await refresh(school, key, parameters));
    default:
      throw oauthError(
        400,
        'unsupported_grant_type',
        'The grant_type you requested is not currently supported',
      );
  }
}

/** @throws Refusal 401 `invalid_client` */
function authenticateClient(
  keys: readonly DeveloperKey[],
  parameters: Parameters,
  authorization: string | undefined,
): DeveloperKey {
  const [clientId, secret] = basicCredentials(authorization) ?? [
    text(parameters['client_id']),
    text(parameters['client_secret']),
  ];
  const key = findKey(keys, clientId);
  if (key === undefined) throw oauthError(401, 'invalid_client', 'unknown client');
  if (!provesItself(key, secret)) throw oauthError(401, 'invalid_client', 'invalid client');
  return key;
}

function basicCredentials(authorization: string | undefined): [string, string] | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return [id, secret.join(':')];
}

async function exchangeCode(school: School, key: DeveloperKey, parameters: Parameters): Promise<Json> {
  const code = text(parameters['code']);
  const grant =
    code === undefined
      ? undefined
      : await redeemCode(school.db, school.clock, {
          code,
          clientId: key.clientId,
          redirectUri: text(parameters['redirect_uri']),
          codeVerifier: text(parameters['code_verifier']),
        });
  if (grant === undefined) throw oauthError(400, 'invalid_grant', 'authorization_code not found');
  const issued = await issueToken(school.db, school.clock, {
    userId: grant.userId,
    clientId: key.clientId,
    scopes: grant.scopes,
    purpose: grant.purpose,
  });
  return tokenAnswer(school, issued.accessToken, grant.userId, issued.refreshToken);
}

/** The same refresh token goes on being good, so it is not in the answer. */
async function refresh(school: School, key: DeveloperKey, parameters: Parameters): Promise<Json> {
  const token = text(parameters['refresh_token']);
  const refreshed =
    token === undefined
      ? undefined
      : await refreshToken(school.db, school.clock, { refreshToken: token, clientId: key.clientId });
  if (refreshed === undefined) throw oauthError(400, 'invalid_request', 'refresh_token not found');
  return tokenAnswer(school, refreshed.accessToken, refreshed.userId, null);
}

async function tokenAnswer(
  school: School,
  accessToken: string,
  userId: string,
  refresh: string | null,
): Promise<Json> {
  const user = await school.db
    .selectFrom('users')
    .select(['id', 'name', 'locale'])
    .where('id', '=', userId)
    .where('isDeleted', '=', 0)
    .executeTakeFirstOrThrow(() => oauthError(400, 'invalid_grant', 'the person is no longer here'));
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    user: {
      id: idNumber(user.id),
      name: user.name,
      global_id: user.id,
      effective_locale: user.locale ?? 'en',
      fake_student: false,
    },
    canvas_region: 'unknown',
    refresh_token: refresh ?? undefined,
    expires_in: KEY_TOKEN_MS / 1000,
  };
}

/** The user's id is a number here whatever `Accept` says (contract §3.2). */
function answer(body: Json): Response {
  return new Response(writeJson(body, false), { headers: { ...jsonHeaders, 'cache-control': 'no-store' } });
}

async function endToken(school: School, context: Context): Promise<Response> {
  const parameters = await readParameters(context.req.raw, new URL(context.req.url));
  const token = bearerToken(context.req.header('authorization'), parameters);
  if (token === undefined) throw new Refusal(400, { message: 'no access token was given' });
  if (!(await revokeToken(school.db, school.clock, token))) throw badToken('Invalid access token.');
  return answer({});
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
