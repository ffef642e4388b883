import { randomUUID } from 'node:crypto';
import type { Context, Handler } from 'hono';
import { actingAs } from '../auth/acting-as.ts';
import { type Caller, callerOf } from '../auth/access-tokens.ts';
import { withinScopes } from '../auth/scopes.ts';
import { hashSecret } from '../auth/secrets.ts';
import type { School } from '../school-parts.ts';
import { answerRefusal, jsonHeaders } from './answer-refusal.ts';
import { type Endpoint, scopeOf } from './endpoint.ts';
import { linkHeader, type ListEnd, type Page } from './pages.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { Refusal, unauthenticated } from './refusal.ts';
import { throttledAnswer } from './throttle.ts';
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
 * Makes a route handler of an endpoint. Order as in Canvas: parameters are read, the client's bucket is looked
 * at, the login and its scopes are checked, and then the endpoint looks for what the path names.
 * @throws what nobody foresaw, for the school's error handler
 */
export function handlerOf(school: School, endpoint: Endpoint): Handler {
  return async (context: Context) => {
    const url = new URL(context.req.url);
    const parameters = await readParameters(context.req.raw, url);
    const token = bearerToken(context.req.header('authorization'), parameters);
    if (token === undefined) throw unauthenticated();
    const running = school.throttle?.begin(hashSecret(token));
    if (school.throttle !== undefined && running === undefined) return throttledAnswer();
    const response = await carryOut(school, endpoint, { context, url, parameters, token }).catch(
      (error: unknown) => {
        running?.end();
        throw error;
      },
    );
    for (const [name, value] of Object.entries(running?.end() ?? {})) response.headers.set(name, value);
    return response;
  };
}

interface ReadRequest {
  readonly context: Context;
  readonly url: URL;
  readonly parameters: Parameters;
  readonly token: string;
}

async function carryOut(school: School, endpoint: Endpoint, request: ReadRequest): Promise<Response> {
  try {
    return await endpoint.handle(await makeCall(school, endpoint, request));
  } catch (error) {
    if (error instanceof Refusal) return answerRefusal(error);
    throw error;
  }
}

async function makeCall(school: School, endpoint: Endpoint, request: ReadRequest): Promise<Call> {
  const { context, url } = request;
  const owner = await callerOf(school.db, school.clock, request.token);
  const parameters = withinScopes(school, owner, scopeOf(endpoint), request.parameters);
  const caller = await actingAs(school.db, owner, parameters);
  const stringIds = asksForStringIds(context.req.header('accept'));
  const who = {
    'x-request-context-id': randomUUID(),
    'x-canvas-user-id': caller.user.id,
    ...(caller === owner ? {} : { 'x-canvas-real-user-id': owner.user.id }),
  };
  const answer = (body: Json, headers: Readonly<Record<string, string>> = {}) =>
    new Response(writeJson(body, stringIds), { headers: { ...jsonHeaders, ...who, ...headers } });
  return {
    caller,
    parameters,
    url,
    path: (name) => context.req.param(name) ?? '',
    answer,
    answerPage: (body, page, end) => answer(body, { link: linkHeader(url, page, end) }),
  };
}

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
