import type { Context, Handler } from 'hono';
import { actingAs } from '../auth/acting-as.ts';
import { type Caller, callerOf } from '../auth/access-tokens.ts';
import { withinScopes } from '../auth/scopes.ts';
import type { School } from '../school-parts.ts';
import { type Endpoint, scopeOf } from './endpoint.ts';
import { linkHeader, type ListEnd, type Page } from './pages.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { unauthenticated } from './refusal.ts';
import { type Json, writeJson } from './write-json.ts';

/** One API request of a person known by name: what every handler begins with. */
export interface Call {
  readonly caller: Caller;
  readonly parameters: Parameters;
  readonly url: URL;
  /** A part of the path; empty when the route has no such part. */
  path(name: string): string;
  /** 200 with JSON, ids as the caller asked for them. */
  answer(body: Json, headers?: Readonly<Record<string, string>>): Response;
  /** One page of a list, with its `Link` header. */
  answerPage(body: Json, page: Page, end: ListEnd): Response;
}

/**
 * Makes a route handler of an endpoint. Order as in Canvas: parameters are read, the login and its scopes are
 * checked, and then the endpoint looks for what the path names.
 * @throws Refusal 401, 400 or 413, which the school's error handler answers
 */
export function handlerOf(school: School, endpoint: Endpoint): Handler {
  const scope = scopeOf(endpoint);
  return async (context: Context) => {
    const url = new URL(context.req.url);
    const sent = await readParameters(context.req.raw, url);
    const token = bearerToken(context.req.header('authorization'), sent);
    if (token === undefined) throw unauthenticated();
    const owner = await callerOf(school.db, school.clock, token);
    const parameters = withinScopes(school, owner, scope, sent);
    const caller = await actingAs(school.db, owner, parameters);
    const stringIds = asksForStringIds(context.req.header('accept'));
    const who = {
      'x-canvas-user-id': caller.user.id,
      ...(caller === owner ? {} : { 'x-canvas-real-user-id': owner.user.id }),
    };
    const answer = (body: Json, headers: Readonly<Record<string, string>> = {}) =>
      new Response(writeJson(body, stringIds), { headers: { ...jsonHeaders, ...who, ...headers } });
    return endpoint.handle({
      caller,
      parameters,
      url,
      path: (name) => context.req.param(name) ?? '',
      answer,
      answerPage: (body, page, end) => answer(body, { link: linkHeader(url, page, end) }),
    });
  };
}

export const jsonHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'max-age=0, private, must-revalidate',
  'x-content-type-options': 'nosniff',
};

/**
 * The token of a request: `Authorization: Bearer …`, the scheme spelled exactly so, or `access_token`.
 * @returns undefined when there is none
 */
export function bearerToken(header: string | undefined, parameters: Parameters): string | undefined {
  const fromHeader = /^Bearer (.+)$/.exec(header ?? '')?.[1]?.trim();
  if (fromHeader !== undefined && fromHeader !== '') return fromHeader;
  const parameter = parameters['access_token'];
  return typeof parameter === 'string' && parameter !== '' ? parameter : undefined;
}

/** Whether ids are wanted as strings (contract §3.3): a part of `Accept` is enough. */
export function asksForStringIds(accept: string | undefined): boolean {
  return accept?.includes('application/json+canvas-string-ids') ?? false;
}
