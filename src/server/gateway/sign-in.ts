import { timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { signInPath, signInReturnPath } from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import { scopes } from './allow-list.ts';
import { readCookie, writeCookie } from './cookies.ts';
import type { OAuthClient } from './oauth.ts';
import { deviceName } from './device-name.ts';
import { absoluteMs } from './session-row.ts';
import type { Sessions } from './sessions.ts';
import { digest, randomToken, type Vault } from './vault.ts';

/** Where the app shows what went wrong: `/sign-in?problem=…`. */
export type SignInProblem =
  /** The person said no, or Canvas did. */
  | 'denied'
  /** The way back came too late, twice, or in another browser than it began in. */
  | 'expired'
  | 'unreachable'
  /** Canvas answered something else: mostly a developer key that does not fit. */
  | 'failed';

const flowCookie = 'tapmark-sign-in';
const flowPath = '/tapmark';
/** As long as Canvas's own code lives. */
const flowMs = 10 * 60_000;
/** Somebody signed out here, so the next to sign in may be another: Canvas is to ask, not to remember. */
const askAgainCookie = 'tapmark-ask-again';
/** Begins the `state` of a sign-in that takes the place of one whose way back was lost. */
const secondTry = 'again.';

const flowSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ state: v.string(), verifier: v.string(), returnTo: v.string(), atMs: v.number() }),
);

export interface SignIn {
  /** The name differs, so that a cookie made without TLS is not taken for one made with it. */
  sessionCookieName(own: string): string;
  /** Names the browser for counting, if it has anything to be named by. */
  browserKey(request: Request, own: string): string | undefined;
  /** Sends the browser to Canvas's sign-in. */
  start(request: Request, url: URL, own: string): Response;
  /** Where a sign-in that this browser began and did not end was to lead to. */
  unfinished(request: Request): string | undefined;
  /** Takes the browser back from Canvas: exchanges the code, begins a new session, forgets the browser's old one. */
  finish(request: Request, url: URL, own: string): Promise<Response>;
  /** The `Set-Cookie` lines of a sign-out. */
  forgetCookies(own: string): readonly string[];
  /** The `Set-Cookie` of a session. */
  sessionCookie(own: string, value: string): string;
}

/**
 * OAuth2 authorization code with `state` and PKCE (canvas-contract §3.2). What must be remembered on the way lies
 * encrypted in a cookie of the browser that began, so that nobody else can end it and no instance must be the same.
 */
export function createSignIn(deps: {
  readonly clientId: string;
  readonly canvasOriginFor: (own: string) => string;
  readonly oauth: OAuthClient;
  readonly sessions: Sessions;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Canvas is to ask for name and password every time. */
  readonly forceLogin?: boolean;
  /** Hears how each sign-in ended. */
  readonly ended?: (how: 'signed-in' | 'second-try' | SignInProblem) => void;
}): SignIn {
  const { oauth, sessions, vault, clock } = deps;
  const isSecure = (own: string) => own.startsWith('https:');
  const sessionCookieName = (own: string) => (isSecure(own) ? '__Host-tapmark' : 'tapmark');
  const flowCookieWith = (own: string, value: string, maxAgeS: number) =>
    writeCookie({ name: flowCookie, value, path: flowPath, maxAgeS, secure: isSecure(own) });
  const sessionCookieWith = (own: string, value: string, maxAgeS: number) =>
    writeCookie({ name: sessionCookieName(own), value, path: '/', maxAgeS, secure: isSecure(own) });

  const askAgainWith = (own: string, value: string, maxAgeS: number) =>
    writeCookie({ name: askAgainCookie, value, path: flowPath, maxAgeS, secure: isSecure(own) });
  const flowOf = (request: Request) => {
    const opened = vault.unlock(readCookie(request.headers.get('cookie'), flowCookie) ?? '', 'sign-in');
    const flow = v.safeParse(flowSchema, opened);
    return flow.success && clock.wallMs() - flow.output.atMs <= flowMs ? flow.output : undefined;
  };

  const go = (location: string, ...cookies: string[]): Response => {
    const headers = new Headers({ location, 'cache-control': 'no-store' });
    for (const cookie of cookies) headers.append('set-cookie', cookie);
    return new Response(null, { status: 302, headers });
  };

  return {
    sessionCookieName,
    forgetCookies: (own) => [sessionCookieWith(own, '', 0), askAgainWith(own, '1', absoluteMs / 1000)],
    sessionCookie: (own, value) => sessionCookieWith(own, value, absoluteMs / 1000),
    unfinished: (request) => flowOf(request)?.returnTo,

    browserKey(request, own) {
      const cookies = request.headers.get('cookie');
      const value = readCookie(cookies, sessionCookieName(own)) ?? readCookie(cookies, flowCookie);
      return value === undefined ? undefined : digest(value);
    },

    start(request, url, own) {
      const flow = {
        state: (url.searchParams.get('again') === '1' ? secondTry : '') + randomToken(),
        verifier: randomToken(),
        returnTo: safeReturn(url.searchParams.get('return_to')),
        atMs: clock.wallMs(),
      };
      const query = new URLSearchParams({
        client_id: deps.clientId,
        response_type: 'code',
        redirect_uri: own + signInReturnPath,
        state: flow.state,
        scope: scopes.join(' '),
        purpose: 'Tapmark',
        code_challenge: digest(flow.verifier),
        code_challenge_method: 'S256',
      });
      // For tablets that several people use: Canvas asks even if somebody is still signed in there.
      const somebodyLeft = readCookie(request.headers.get('cookie'), askAgainCookie) === '1';
      if (deps.forceLogin === true || somebodyLeft || url.searchParams.get('force') === '1') {
        query.set('force_login', '1');
      }
      const locked = vault.lock(JSON.stringify(flow), 'sign-in');
      const target = `${deps.canvasOriginFor(own)}/login/oauth2/auth?${query.toString()}`;
      return go(target, flowCookieWith(own, locked, flowMs / 1000));
    },

    async finish(request, url, own) {
      const cookies = request.headers.get('cookie');
      const old = await sessions.find(readCookie(cookies, sessionCookieName(own)));
      const flow = flowOf(request);
      const done = flowCookieWith(own, '', 0);
      const problem = (kind: SignInProblem) => {
        deps.ended?.(kind);
        return go(`/sign-in?problem=${kind}`, done);
      };

      const state = url.searchParams.get('state') ?? '';
      if (flow === undefined || !isSame(flow.state, state)) {
        // A reload of this address after all went well is no problem.
        if (old !== undefined) return go('/');
        if (state.startsWith(secondTry)) return problem('expired');
        // The browser that began is another one (an installed app on some tablets), or it took too long. Nothing of
        // what came is used; but Canvas knows the person now, and a sign-in of this browser's own is one step.
        deps.ended?.('second-try');
        return go(`${signInPath}?again=1`);
      }
      const code = url.searchParams.get('code');
      if (code === null || code === '' || code.length > 1024) {
        return problem(url.searchParams.get('error') === 'access_denied' ? 'denied' : 'failed');
      }
      const grant = await oauth.exchange({
        code,
        verifier: flow.verifier,
        redirectUri: own + signInReturnPath,
        canvasOrigin: deps.canvasOriginFor(own),
      });
      if (grant.kind === 'failed') return problem(grant.connected ? 'failed' : 'unreachable');
      if (grant.kind === 'refused') return problem('expired');
      if (grant.user === undefined) return problem('failed');
      // Always a new session under a new name: one that somebody planted in this browser gains nothing.
      const device = deviceName(request.headers.get('user-agent'));
      const cookie = await sessions.begin(grant.user, grant.tokens, device);
      if (old !== undefined) await sessions.end(old.id);
      deps.ended?.('signed-in');
      const session = sessionCookieWith(own, cookie, absoluteMs / 1000);
      return go(flow.returnTo, done, askAgainWith(own, '', 0), session);
    },
  };
}

/** A path of the app and nothing else: no other site, none of the server's own addresses. */
export function safeReturn(given: string | null): string {
  const base = 'http://own.invalid';
  if (given === null || given.length > 1000 || !given.startsWith('/') || !URL.canParse(given, base))
    return '/';
  const url = new URL(given, base);
  if (url.origin !== base || /^\/(\/|(tapmark|login|api)(\/|$))/i.test(url.pathname)) return '/';
  return url.pathname + url.search + url.hash;
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
