import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { signInPath } from '#canvas/gateway-wire.ts';
import { Refusal } from '../http/refusal.ts';
import { schoolName } from '../school-facts.ts';
import type { School } from '../school-parts.ts';
import { pageHeaders } from './page-headers.ts';
import { findSignInLink, LINK_MS, LINK_PATH, redeemSignInLink } from './sign-in-links.ts';
import { deadLinkPage, linkPage, SIGN_IN_PATH } from './sign-in-page.ts';

/*
 * The way in by link, mostly off a QR code: the link's page, one tap, the gateway's own sign-in, and there the school
 * knows by a cookie who it is. The link is used up at that moment and not before, so that a page opened by a program
 * that looks at links, or a tap that the network lost, costs nothing.
 */

const COOKIE = 'tapmark-link';

/** `GET` and `POST /login/link/:secret`. */
export function linkRoutes(school: School): Hono {
  return new Hono()
    .get(`${LINK_PATH}/:secret`, (context) => showLink(school, context))
    .post(`${LINK_PATH}/:secret`, (context) => follow(school, context));
}

async function showLink(school: School, context: Context): Promise<Response> {
  const person = await findSignInLink(school.db, school.clock, context.req.param('secret') ?? '');
  const name = await schoolName(school.db);
  return person === undefined
    ? context.html(deadLinkPage(name), 410, pageHeaders())
    : context.html(linkPage(name, person.name), 200, pageHeaders());
}

async function follow(school: School, context: Context): Promise<Response> {
  requireOwnPage(context);
  const secret = context.req.param('secret') ?? '';
  if ((await findSignInLink(school.db, school.clock, secret)) === undefined) return showLink(school, context);
  setCookie(context, COOKIE, secret, {
    path: SIGN_IN_PATH,
    httpOnly: true,
    sameSite: 'Lax',
    secure: context.req.header('origin')?.startsWith('https:') ?? false,
    maxAge: LINK_MS / 1000,
  });
  for (const [name, value] of Object.entries(pageHeaders())) context.header(name, value);
  return context.redirect(signInPath, 303);
}

/** Who has just come by a link, which is now used up. @returns undefined for everybody else */
export async function personByLink(school: School, context: Context): Promise<string | undefined> {
  const secret = getCookie(context, COOKIE);
  if (secret === undefined) return undefined;
  deleteCookie(context, COOKIE, { path: SIGN_IN_PATH });
  return redeemSignInLink(school.db, school.clock, secret);
}

/** These pages have no session that another site could abuse, but nobody else's page should press their buttons. */
export function requireOwnPage(context: Context): void {
  const site = context.req.header('sec-fetch-site');
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new Refusal(403, { error: 'access_denied', error_description: 'the form was not sent from here' });
}
