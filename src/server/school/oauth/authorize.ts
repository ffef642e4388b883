import { type Context, Hono } from 'hono';
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
  return showPage(school, context, parameters, readAuthorizationRequest(school.developerKeys, parameters));
}

async function showPage(
  school: School,
  context: Context,
  parameters: Parameters,
  request: AuthorizationRequest,
): Promise<Response> {
  const page = signInPage({
    schoolName: await schoolName(school.db),
    programName: request.key.name,
    people: await findSamplePeople(school.db),
    parameters,
  });
  return context.html(page, 200, pageHeaders(request.redirectUri));
}

/** A button was pressed: back to the program with a code, or with `access_denied`. */
async function letIn(school: School, context: Context): Promise<Response> {
  // The page has no session that another site could abuse, but nobody else's page should press its buttons.
  const site = context.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new Refusal(403, { error: 'access_denied', error_description: 'the form was not sent from here' });
  }
  const parameters = await readParameters(context.req.raw, new URL(context.req.url));
  const request = readAuthorizationRequest(school.developerKeys, parameters);
  if (parameters['cancel'] !== undefined) {
    throw new AuthorizationError(request, 'access_denied', 'The resource owner denied the request');
  }
  const people = await findSamplePeople(school.db);
  const person = people.find(({ login }) => login === parameters['login']);
  if (person === undefined) return showPage(school, context, parameters, request);
  return sendBack(context, request, await issueCode(school.db, school.clock, request, person.id));
}

function sendBack(
  context: Context,
  request: AuthorizationRequest,
  code: string,
): Promise<Response> | Response {
  if (request.redirectUri === OUT_OF_BAND) return context.html(codePage(code), 200, pageHeaders());
  return redirect(request.redirectUri, {
    code,
    ...(request.state === null ? {} : { state: request.state }),
  });
}

/** 303: the browser follows with a GET, whatever brought it here. */
function redirect(target: string, parameters: Readonly<Record<string, string>>): Response {
  const url = new URL(target);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return new Response(null, { status: 303, headers: { ...pageHeaders(), location: url.href } });
}

/** What goes wrong is told to the program where that is safe, and to the person otherwise. */
async function answering(context: Context, act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof AuthorizationError && error.redirectUri !== OUT_OF_BAND) {
      return redirect(error.redirectUri, error.parameters);
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

/** `form-action` names the program's origin too: Chromium applies it to the redirect after the form. */
function pageHeaders(redirectUri?: string): Record<string, string> {
  const target =
    redirectUri === undefined || redirectUri === OUT_OF_BAND ? '' : ` ${new URL(redirectUri).origin}`;
  return {
    'content-security-policy': `default-src 'none'; style-src 'self'; form-action 'self'${target}; frame-ancestors 'none'; base-uri 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}
