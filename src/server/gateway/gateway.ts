import { Hono, type Context } from 'hono';
import * as v from 'valibot';
import {
  sessionPath,
  signInPath,
  signInReturnPath,
  signOutPath,
  type SessionAnswer,
} from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import type { Database } from '../database/database.ts';
import { allowedCall } from './allow-list.ts';
import { gatewayAnswer, refusal, stamped } from './answers.ts';
import { readAttemptId, readSenderHeaders } from './attempt-headers.ts';
import { createLedger } from './attempts/ledger.ts';
import { readCookie } from './cookies.ts';
import { createForward } from './forward.ts';
import { createInFlight } from './in-flight.ts';
import { createOAuthClient, type CanvasKey } from './oauth.ts';
import { isFromOtherSite, isFromOwnPage, type OwnOrigin } from './origin.ts';
import { readBytes, TooLargeBodyError } from './read-text.ts';
import { withSecurityHeaders } from './security-headers.ts';
import { packAnswer } from './pack-answer.ts';
import { createSessions, type Session } from './sessions.ts';
import { createSignIn } from './sign-in.ts';
import { createStoredAttempts } from './stored-attempts.ts';
import type { Upstream } from './upstream.ts';
import { createVault } from './vault.ts';

/** The Canvas behind the gateway. */
export interface CanvasSide {
  readonly upstream: Upstream;
  readonly key: CanvasKey;
  /** `undefined`: the embedded school, which lives on our own origin, sign-in page and all. */
  readonly origin: string | undefined;
  readonly about: () => Promise<Pick<SessionAnswer, 'host' | 'schoolName' | 'sample'>>;
}

export interface GatewayDeps {
  readonly canvas: CanvasSide;
  readonly database: Database;
  /** At least 32 characters. */
  readonly secret: string;
  readonly own: OwnOrigin;
  readonly clock: Clock;
  /** The app's files; absent while Vite serves them. */
  readonly files?: (request: Request) => Promise<Response>;
  /** Hears of what nobody foresaw. Never gets a request, a name or a token. */
  readonly report: (error: unknown) => void;
}

export interface Gateway {
  fetch(request: Request): Promise<Response>;
  /** Drops what is too old. To be called now and then. */
  tidy(): Promise<void>;
  /** Resolves when everything begun has ended, also what no browser waits for any more. */
  idle(): Promise<void>;
}

const userAgent = 'Tapmark/0.1 (offline class marking; gateway)';
/** Ten thousand results, the most Canvas takes at once, fit in. */
const largestBody = 2 * 1024 * 1024;

/** Sign-in, session and forwarding on one origin: what the browser sees of Canvas (architecture.md). */
export function createGateway(deps: GatewayDeps): Gateway {
  const { canvas, clock, own: ownOrigin } = deps;
  const vault = createVault(deps.secret);
  const repository = createStoredAttempts(deps.database, clock);
  const ledger = createLedger({ repository, clock, seal: (text) => vault.seal(text), report: deps.report });
  const oauth = createOAuthClient({ upstream: canvas.upstream, key: canvas.key, userAgent, clock });
  const sessions = createSessions({ database: deps.database, vault, oauth, clock });
  const canvasOriginFor = (own: string) => canvas.origin ?? own;
  const signIn = createSignIn({
    clientId: canvas.key.clientId,
    canvasOriginFor,
    oauth,
    sessions,
    vault,
    clock,
  });
  const forward = createForward({
    upstream: canvas.upstream,
    userAgent,
    sessions,
    ledger,
    clock,
    canvasOriginFor,
  });
  const inFlight = createInFlight();

  const sessionOf = (request: Request, own: string): Promise<Session | undefined> =>
    sessions.find(readCookie(request.headers.get('cookie'), signIn.sessionCookieName(own)));

  async function whoIsSignedIn(request: Request, own: string): Promise<SessionAnswer> {
    const school = await canvas.about();
    const session = await sessionOf(request, own);
    if (session === undefined) return { signedIn: false, ...school };
    // An expired token is renewed here, so that "signed in" means that the next attempt will pass.
    const fresh = await sessions.fresh(session, canvasOriginFor(own));
    return fresh.kind === 'ended'
      ? { signedIn: false, ...school }
      : { signedIn: true, ...school, user: session.user };
  }

  async function signOut(request: Request, own: string): Promise<Response> {
    if (!isFromOwnPage(request.headers, own)) return refusal('csrf');
    const session = await sessionOf(request, own);
    if (session !== undefined) {
      await sessions.end(session.id);
      await oauth.revoke(session.accessToken, canvasOriginFor(own));
    }
    return gatewayAnswer(null, 204, { 'set-cookie': signIn.forgetCookie(own) });
  }

  async function inquire(request: Request, own: string, idText: string): Promise<Response> {
    if (!isFromOwnPage(request.headers, own)) return refusal('csrf');
    const session = await sessionOf(request, own);
    const sender = readSenderHeaders(request.headers);
    if (session === undefined || (sender.account ?? session.user.id) !== session.user.id)
      return refusal('sign-in');
    const id = readAttemptId(idText);
    const body = await readBody(request);
    if (id === undefined || typeof body === 'string') return refusal('not-allowed');
    const question = v.safeParse(inquirySchema, new TextDecoder().decode(body));
    const stamp = question.success ? question.output.stamp : undefined;
    const account = session.user.id;
    if (sender.installation !== undefined && sender.epoch !== undefined) {
      await ledger.hear({ account, installation: sender.installation, epoch: sender.epoch });
    }
    return gatewayAnswer(await ledger.inquire({ id, account, stamp: stamp ?? undefined }));
  }

  async function api(request: Request, url: URL, own: string): Promise<Response> {
    // A client that brings its own token talks to the embedded school as to any Canvas, past the gateway.
    if (
      canvas.origin === undefined &&
      (request.headers.has('authorization') || url.searchParams.has('access_token'))
    ) {
      return canvas.upstream(request);
    }
    const call = allowedCall(request.method, url);
    if (call === undefined) return refusal('not-allowed');
    const answer = await forward({
      method: request.method,
      call,
      own,
      sender: readSenderHeaders(request.headers),
      session: await sessionOf(request, own),
      body: () => readBody(request),
      contentType: request.headers.get('content-type'),
      fromOwnPage: isFromOwnPage(request.headers, own),
    });
    return packAnswer(answer, request);
  }

  /** The embedded school's own sign-in pages and token endpoint, as they are. */
  async function schoolPages(request: Request, own: string): Promise<Response> {
    if (canvas.origin !== undefined) return refusal('not-allowed');
    if (request.method !== 'GET' && isFromOtherSite(request.headers, own)) return refusal('csrf');
    return canvas.upstream(request);
  }

  const app = new Hono<{ Variables: { own: string; url: URL } }>({
    getPath: (request) => new URL(request.url).pathname,
  });
  type Ctx = Context<{ Variables: { own: string; url: URL } }>;
  const at = (context: Ctx) => [context.req.raw, context.get('own')] as const;

  app.get('/healthz', async () => {
    await repository.memory();
    return new Response('ok\n', { headers: { 'cache-control': 'no-store' } });
  });
  app.use(async (context, next) => {
    const url = new URL(context.req.raw.url);
    const own = ownOrigin.of(url);
    if (own === undefined) {
      return new Response('Tapmark does not go by this name here. Set PUBLIC_URL to its address.\n', {
        status: 421,
      });
    }
    context.set('url', url);
    context.set('own', own);
    return next();
  });
  app.use('/api/*', stampIt);
  app.use('/tapmark/*', stampIt);
  app.get(sessionPath, async (context) => gatewayAnswer(await whoIsSignedIn(...at(context))));
  app.get(signInPath, (context) => signIn.start(context.get('url'), context.get('own')));
  app.get(signInReturnPath, (context) =>
    signIn.finish(context.req.raw, context.get('url'), context.get('own')),
  );
  app.post(signOutPath, (context) => signOut(...at(context)));
  app.post('/tapmark/attempts/:id/inquiry', (context) => inquire(...at(context), context.req.param('id')));
  app.all('/tapmark/*', () => refusal('not-allowed'));
  app.all('/api/*', (context) => api(context.req.raw, context.get('url'), context.get('own')));
  app.all('/login/*', (context) => schoolPages(...at(context)));
  app.all('*', (context) => deps.files?.(context.req.raw) ?? new Response('not found\n', { status: 404 }));
  app.onError((error) => {
    deps.report(error);
    // Nothing is known of what was asked, so nothing is promised.
    return refusal('no-answer', 'unknown');
  });

  async function stampIt(context: Ctx, next: () => Promise<void>): Promise<void> {
    await next();
    context.res = stamped(context.res, await ledger.stamp());
  }

  async function answer(request: Request): Promise<Response> {
    const response = await app.fetch(request);
    const own = ownOrigin.of(new URL(request.url));
    return withSecurityHeaders(response, own?.startsWith('https:') === true);
  }

  async function tidy(): Promise<void> {
    await ledger.forget();
    await sessions.cleanUp();
  }

  return {
    fetch: (request) => inFlight.track(answer(request)),
    tidy: () => inFlight.track(tidy()),
    idle: () => inFlight.idle(),
  };
}

const inquirySchema = v.pipe(v.string(), v.parseJson(), v.object({ stamp: v.nullish(v.string()) }));

async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | 'too-large' | 'cut-off'> {
  if (Number(request.headers.get('content-length') ?? 0) > largestBody) return 'too-large';
  try {
    return await readBytes(request.body, largestBody);
  } catch (error) {
    return error instanceof TooLargeBodyError ? 'too-large' : 'cut-off';
  }
}
