import * as v from 'valibot';
import type { SessionAnswer } from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import { gatewayAnswer, refusal } from './answers.ts';
import { askCanvas } from './ask-canvas.ts';
import type { ForwardEnd } from './attempts/ledger.ts';
import { withinTimeout } from './attempts/within-timeout.ts';
import { createDevices } from './devices.ts';
import type { CanvasSide } from './gateway.ts';
import type { OAuthClient } from './oauth.ts';
import { isFromOwnPage } from './origin.ts';
import { createRateLimit } from './rate-limit.ts';
import { readBody } from './read-body.ts';
import type { Session, Sessions } from './sessions.ts';
import { checkSetUp, type Probe } from './set-up-check.ts';
import type { SignIn } from './sign-in.ts';

type Endpoint = (request: Request, own: string) => Promise<Response>;

/** What a person asks of the gateway about their own session. */
export interface SessionEndpoints {
  readonly whoIsSignedIn: Endpoint;
  readonly signOut: Endpoint;
  readonly listDevices: Endpoint;
  readonly signOutDevice: (request: Request, own: string, device: string) => Promise<Response>;
  /** What a lesson will ask of Canvas, asked now. */
  readonly checkSetUp: Endpoint;
}

/** A check is waited for by a person; what takes longer is wrong for a lesson, too. */
const probeTimeoutMs = 15_000;

const wishSchema = v.pipe(v.string(), v.parseJson(), v.object({ course: v.optional(v.string()) }));

export function createSessionEndpoints(deps: {
  readonly canvas: CanvasSide;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly oauth: OAuthClient;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly cookieOf: (request: Request, own: string) => string | undefined;
  readonly sessionOf: (request: Request, own: string) => Promise<Session | undefined>;
}): SessionEndpoints {
  const { canvas, sessions, signIn, oauth, clock, userAgent, cookieOf, sessionOf } = deps;
  const canvasOriginFor = (own: string) => canvas.origin ?? own;
  const devices = createDevices({ sessions, oauth });
  const checks = createRateLimit(clock, { burst: 10, perMinute: 6 });

  async function whoIsSignedIn(request: Request, own: string): Promise<Response> {
    const school = await canvas.about();
    const session = await sessionOf(request, own);
    // An expired token is renewed here, so that "signed in" means that the next attempt will pass.
    const fresh = session === undefined ? undefined : await sessions.fresh(session, canvasOriginFor(own));
    if (session === undefined || fresh?.kind === 'ended') {
      const unfinished = signIn.unfinished(request);
      const nobody: SessionAnswer = { signedIn: false, ...school };
      return gatewayAnswer(unfinished === undefined ? nobody : { ...nobody, unfinished });
    }
    const somebody: SessionAnswer = { signedIn: true, ...school, user: session.user };
    const renewed = await sessions.renewCookie(cookieOf(request, own));
    const cookie = renewed === undefined ? {} : { 'set-cookie': signIn.sessionCookie(own, renewed) };
    return gatewayAnswer(somebody, 200, cookie);
  }

  async function listDevices(request: Request, own: string): Promise<Response> {
    const session = await sessionOf(request, own);
    return session === undefined ? refusal('sign-in') : gatewayAnswer(await devices.list(session));
  }

  async function signOutDevice(request: Request, own: string, device: string): Promise<Response> {
    if (!isFromOwnPage(request.headers, own)) return refusal('csrf');
    const session = await sessionOf(request, own);
    if (session === undefined) return refusal('sign-in');
    const done = await devices.signOut(session, device, canvasOriginFor(own));
    return done ? gatewayAnswer(null, 204) : refusal('not-allowed');
  }

  async function signOut(request: Request, own: string): Promise<Response> {
    if (!isFromOwnPage(request.headers, own)) return refusal('csrf');
    const session = await sessionOf(request, own);
    if (session !== undefined) {
      await sessions.end(session.id);
      await oauth.revoke(session.accessToken, canvasOriginFor(own));
    }
    const answer = gatewayAnswer(null, 204);
    for (const cookie of signIn.forgetCookies(own)) answer.headers.append('set-cookie', cookie);
    return answer;
  }

  async function checkIt(request: Request, own: string): Promise<Response> {
    if (!isFromOwnPage(request.headers, own)) return refusal('csrf');
    const given = await sessionOf(request, own);
    if (given === undefined) return refusal('sign-in');
    const waitS = checks.take(given.user.id);
    if (waitS > 0) return gatewayAnswer({ status: 'throttled' }, 429, { 'retry-after': String(waitS) });
    const body = await readBody(request);
    const wish = v.safeParse(wishSchema, typeof body === 'string' ? '' : new TextDecoder().decode(body));
    if (!wish.success) return refusal('not-allowed');
    const canvasOrigin = canvasOriginFor(own);
    const fresh = await sessions.fresh(given, canvasOrigin);
    if (fresh.kind === 'ended') return refusal('sign-in');
    if (fresh.kind === 'unreachable') {
      return gatewayAnswer({ findings: [{ point: 'reach', state: 'wrong', why: 'no-connection' }] });
    }
    const { accessToken } = fresh.session;
    const probe: Probe = (method, target, text) =>
      withinTimeout<ForwardEnd>({
        clock,
        limitMs: probeTimeoutMs,
        work: (signal) => {
          const call = { method, target, accessToken, canvasOrigin, own };
          const bytes = text === undefined ? {} : { body: new TextEncoder().encode(text) };
          return askCanvas({ upstream: canvas.upstream, userAgent }, { ...call, ...bytes }, signal);
        },
        late: () => ({ kind: 'no-answer', why: 'late' }),
      });
    return gatewayAnswer(
      await checkSetUp(probe, wish.output.course, { clock, isEmbedded: canvas.origin === undefined }),
    );
  }

  return { whoIsSignedIn, signOut, listDevices, signOutDevice, checkSetUp: checkIt };
}
