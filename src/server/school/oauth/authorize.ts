import { type Context, Hono } from 'hono';
import { callerOf } from '../auth/access-tokens.ts';
import { type Parameters, readParameters } from '../http/parameters.ts';
import { Refusal } from '../http/refusal.ts';
import { schoolName } from '../school-facts.ts';
import type { School } from '../school-parts.ts';
import {
  AuthorizationError,
  type AuthorizationRequest,
  readAuthorizationRequest,
} from './authorization-request.ts';
import { issueCode } from './codes.ts';
import { OUT_OF_BAND } from './developer-keys.ts';
import { personByLink, requireOwnPage } from './link.ts';
import { pageHeaders } from './page-headers.ts';
import { findSamplePeople } from './sample-people.ts';
import { codePage, SIGN_IN_PATH, signInErrorPage, signInPage, STYLE_PATH } from './sign-in-page.ts';
import { signInStyle } from './style.ts';

/** The sign-in page and what its buttons do (contract §3.2). */
export function authorizeRoutes(school: School): Hono {
  return new Hono()
    .get(SIGN_IN_PATH, (context) => answering(context, () => askWho(school, context)))
    .post(SIGN_IN_PATH, (context) => answering(context, () => letIn(school, context)))
    .get(STYLE_PATH, (context) =>
      context.body(signInStyle, 200, {
        'content-type': 'text/css; charset=utf-8',
        'cache-control': 'max-age=300',
        'x-content-type-options': 'nosniff',
      }),
    );
}

async function askWho(school: School, context: Context): Promise<Response> {
  const parameters = await readParameters(context.req.raw, new URL(context.req.url));
  const request = readAuthorizationRequest(school.developerKeys, parameters);
  const byLink = await personByLink(school, context);
  if (byLink === undefined) return showPage(school, context, parameters, request);
  return sendBack(context, request, await issueCode(school.db, school.clock, request, byLink));
}

async function showPage(
  school: School,
  context: Context,
  parameters: Parameters,
  request: AuthorizationRequest,
  problem?: string,
): Promise<Response> {
  const page = signInPage({
    schoolName: await schoolName(school.db),
    programName: request.key.name,
    people: await findSamplePeople(school.db),
    parameters,
    ...(problem === undefined ? {} : { problem }),
  });
  return context.html(page, problem === undefined ? 200 : 403, pageHeaders(request.redirectUri));
}

/** A button was pressed: back to the program with a code, or with `access_denied`. */
async function letIn(school: School, context: Context): Promise<Response> {
  requireOwnPage(context);
  const parameters = await readParameters(context.req.raw, new URL(context.req.url));
  const request = readAuthorizationRequest(school.developerKeys, parameters);
  if (parameters['cancel'] !== undefined) {
    throw new AuthorizationError(request, 'access_denied', 'The resource owner denied the request');
  }
  const token = text(parameters['token']);
  const person =
    token === undefined
      ? await samplePersonNamed(school, parameters['login'])
      : await personByToken(school, token);
  if (person !== undefined) {
    return sendBack(context, request, await issueCode(school.db, school.clock, request, person));
  }
  const problem = token === undefined ? undefined : 'This is not an access token that lets you sign in here.';
  return showPage(school, context, parameters, request, problem);
}

async function samplePersonNamed(school: School, login: unknown): Promise<string | undefined> {
  const people = await findSamplePeople(school.db);
  return people.find((person) => person.login === login)?.id;
}

/** A token made by hand for everything: one of a program, or for a few things only, must not grow by a sign-in. */
async function personByToken(school: School, token: string): Promise<string | undefined> {
  try {
    const caller = await callerOf(school.db, school.clock, token);
    return caller.clientId === null && caller.scopes === null ? caller.user.id : undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function sendBack(
  context: Context,
  request: AuthorizationRequest,
  code: string,
): Promise<Response> | Response {
  if (request.redirectUri === OUT_OF_BAND) return context.html(codePage(code), 200, pageHeaders());
  return redirect(context, request.redirectUri, {
    code,
    ...(request.state === null ? {} : { state: request.state }),
  });
}

/** 303: the browser follows with a GET, whatever brought it here. */
function redirect(context: Context, target: string, parameters: Readonly<Record<string, string>>): Response {
  const url = new URL(target);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  for (const [name, value] of Object.entries(pageHeaders())) context.header(name, value);
  return context.redirect(url.href, 303);
}

/** What goes wrong is told to the program where that is safe, and to the person otherwise. */
async function answering(context: Context, act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof AuthorizationError && error.redirectUri !== OUT_OF_BAND) {
      return redirect(context, error.redirectUri, error.parameters);
    }
    const refusal = error instanceof AuthorizationError ? new Refusal(400, error.parameters) : error;
    if (!(refusal instanceof Refusal) || !(context.req.header('accept') ?? '').includes('text/html'))
      throw refusal;
    const { error_description: description } = refusal.body as { error_description?: string };
    return new Response(await signInErrorPage(description ?? 'it could not be read'), {
      status: refusal.status,
      headers: { 'content-type': 'text/html; charset=utf-8', ...pageHeaders(), ...refusal.headers },
    });
  }
}
