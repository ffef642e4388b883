import type { IncomingMessage, ServerResponse } from 'node:http';
import { Hono, type Context } from 'hono';
import * as v from 'valibot';
import {
  devicesPath,
  sessionPath,
  setUpPath,
  signInPath,
  signInReturnPath,
  signOutPath,
  type SessionAnswer,
} from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../log.ts';
import { allowedCall } from './allow-list.ts';
import { gatewayAnswer, refusal, stamped } from './answers.ts';
import { readAttemptId, readSenderHeaders } from './attempt-headers.ts';
import { createLedger } from './attempts/ledger.ts';
import { clientAddress } from './client-address.ts';
import { readCookie } from './cookies.ts';
import { createForward } from './forward.ts';
import { createInFlight } from './in-flight.ts';
import { createMetrics } from './metrics.ts';
import { createOAuthClient, type CanvasKey } from './oauth.ts';
import { createObserver, observedRead, observedUpstream, type Seen } from './observe.ts';
import { isFromOtherSite, isFromOwnPage, type OwnOrigin } from './origin.ts';
import { createQuickReads } from './quick-reads.ts';
import { withSecurityHeaders } from './security-headers.ts';
import { packAnswer } from './pack-answer.ts';
import { createPictureAddresses, picturePath } from './picture-addresses.ts';
import { createPictureEndpoint } from './picture-endpoint.ts';
import type { PictureFetch } from './picture-fetch.ts';
import { createSessions, type Session } from './sessions.ts';
import { readBody } from './read-body.ts';
import { createSessionEndpoints } from './session-endpoints.ts';
import { createSignIn } from './sign-in.ts';
import { createSignInLimits } from './sign-in-limits.ts';
import { createStoredAllowance } from './stored-allowance.ts';
import { createStoredAttempts } from './stored-attempts.ts';
import type { ReadUpstream, Upstream } from './upstream.ts';
import { createVault } from './vault.ts';

/** The Canvas behind the gateway. */
export interface CanvasSide {
  readonly upstream: Upstream;
  /** The short way for reads; absent for the embedded school. */
  readonly read?: ReadUpstream;
  /** Fetches students' pictures; absent for the embedded school. */
  readonly pictures?: Pick<PictureFetch, 'fetch'>;
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
  /** Hears of every request to the API and the sign-in, and of what nobody foresaw. Never gets a name or a token. */
  readonly log: Pick<Logger, 'info' | 'report'>;
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[];
  /** Tablets that several people use: Canvas asks for name and password each time. */
  readonly sharedTablets?: boolean;
}

export type DirectAnswer = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

export interface Gateway {
  /** @param peer the address at the other end of the connection */
  fetch(request: Request, peer?: string): Promise<Response>;
  /**
   * Answers on Node's own objects what it can (`quick-reads.ts`). @param general answers the rest, by `fetch`
   * @returns false when it did nothing
   */
  direct(general: (incoming: IncomingMessage, outgoing: ServerResponse) => void): DirectAnswer;
  /** Drops what is too old. To be called now and then. */
  tidy(): Promise<void>;
  /** For Prometheus. */
  readonly metrics: () => Promise<string>;
  /** From now on `/readyz` says no, so that a load balancer sends nothing more. */
  drain(): void;
  /** Resolves when everything begun has ended, also what no browser waits for any more. */
  idle(): Promise<void>;
}

export const userAgent = 'Tapmark/0.1 (offline class marking; gateway)';

/** Sign-in, session and forwarding on one origin: what the browser sees of Canvas (architecture.md). */
export function createGateway(deps: GatewayDeps): Gateway {
  const { clock, own: ownOrigin } = deps;
  const { report } = deps.log;
  const metrics = createMetrics();
  const canvas = { ...deps.canvas, upstream: observedUpstream(deps.canvas.upstream, { clock, metrics }) };
  const vault = createVault(deps.secret);
  const repository = createStoredAttempts(deps.database, clock);
  const ledger = createLedger({ repository, clock, seal: (text) => vault.seal(text), report });
  const oauth = createOAuthClient({
    upstream: canvas.upstream,
    key: canvas.key,
    userAgent,
    clock,
    endCanvasSession: deps.sharedTablets === true,
  });
  const sessions = createSessions({
    database: deps.database,
    vault,
    oauth,
    clock,
    replayed: () => metrics.count('tapmark_sessions_replayed_total'),
  });
  const canvasOriginFor = (own: string) => canvas.origin ?? own;
  const signIn = createSignIn({
    clientId: canvas.key.clientId,
    canvasOriginFor,
    oauth,
    sessions,
    vault,
    clock,
    forceLogin: deps.sharedTablets === true,
    ended: (how) => metrics.count('tapmark_sign_ins_total', { end: how }),
  });
  const allowances = createStoredAllowance(deps.database, clock);
  const limits = createSignInLimits({
    clock,
    shared: allowances,
    seal: (text) => vault.seal(text),
    refused: (by) => metrics.count('tapmark_rate_limited_total', { by }),
  });
  const pictures =
    canvas.origin === undefined || canvas.pictures === undefined
      ? undefined
      : createPictureAddresses(vault, canvas.origin);
  const picture = createPictureEndpoint({
    addresses: pictures,
    fetch: canvas.pictures?.fetch,
    ended: (end) => metrics.count('tapmark_pictures_total', { end }),
  });
  const proxies = new Set(deps.trustedProxies);
  let isDraining = false;
  const forward = createForward({
    upstream: canvas.upstream,
    userAgent,
    sessions,
    ledger,
    clock,
    canvasOriginFor,
    pictures,
  });
  const inFlight = createInFlight();

  const cookieOf = (request: Request, own: string): string | undefined =>
    readCookie(request.headers.get('cookie'), signIn.sessionCookieName(own));
  const sessionOf = (request: Request, own: string): Promise<Session | undefined> =>
    sessions.find(cookieOf(request, own));

  const session = createSessionEndpoints({
    canvas,
    sessions,
    signIn,
    oauth,
    clock,
    userAgent,
    sessionOf,
    cookieOf,
  });

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

  async function api(request: Request, url: URL, own: string, seen: Seen): Promise<Response> {
    // A client that brings its own token talks to the embedded school as to any Canvas, past the gateway.
    if (
      canvas.origin === undefined &&
      (request.headers.has('authorization') || url.searchParams.has('access_token'))
    ) {
      return canvas.upstream(request);
    }
    const call = allowedCall(request.method, url);
    if (call === undefined) return refusal('not-allowed');
    seen.route = call.route;
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
  async function schoolPages(request: Request, own: string, seen: Seen): Promise<Response> {
    if (canvas.origin !== undefined) return refusal('not-allowed');
    const isGuess = request.method !== 'GET' && !new URL(request.url).pathname.endsWith('/token');
    const tooMany = isGuess ? await limits.refuse(seen.address, undefined) : undefined;
    if (tooMany !== undefined) return tooMany;
    if (request.method !== 'GET' && isFromOtherSite(request.headers, own)) return refusal('csrf');
    return canvas.upstream(request);
  }

  interface Parts {
    Bindings: { seen: Seen };
    Variables: { own: string; url: URL };
  }
  type Ctx = Context<Parts>;
  const app = new Hono<Parts>({ getPath: (request) => new URL(request.url).pathname });
  const at = (context: Ctx) => [context.req.raw, context.get('own')] as const;
  const named = (route: string) => async (context: Ctx, next: () => Promise<void>) => {
    context.env.seen.route = route;
    await next();
  };
  const plain = (words: string, status: number) =>
    new Response(`${words}\n`, { status, headers: { 'cache-control': 'no-store' } });

  app.get('/healthz', named('/healthz'), async () => {
    await repository.memory();
    return plain('ok', 200);
  });
  // Canvas is not asked: while it is down the app still opens, and marks wait on the tablets.
  app.get('/readyz', named('/readyz'), async () => {
    if (isDraining) return plain('stopping', 503);
    const ready = await repository.memory().then(
      () => true,
      () => false,
    );
    return ready ? plain('ready', 200) : plain('the database does not answer', 503);
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
  // Before the stamps: this answer is kept, and given again at another time.
  app.get(`${picturePath}:picture`, named(`${picturePath}:picture`), (context) => {
    const [request, own] = at(context);
    const session = async () => sessions.recent(cookieOf(request, own)) ?? sessionOf(request, own);
    return picture(context.req.param('picture') ?? '', session);
  });
  app.use('/api/*', named('/api/other'), stampIt);
  app.use('/tapmark/*', named('/tapmark/other'), stampIt);
  app.get(sessionPath, named(sessionPath), (context) => session.whoIsSignedIn(...at(context)));
  app.get(signInPath, named(signInPath), limitIt, (context) =>
    signIn.start(context.req.raw, context.get('url'), context.get('own')),
  );
  app.get(signInReturnPath, named(signInReturnPath), limitIt, (context) =>
    signIn.finish(context.req.raw, context.get('url'), context.get('own')),
  );
  app.post(signOutPath, named(signOutPath), (context) => session.signOut(...at(context)));
  app.get(devicesPath, named(devicesPath), (context) => session.listDevices(...at(context)));
  app.post('/tapmark/devices/:id/sign-out', named('/tapmark/devices/:id/sign-out'), (context) =>
    session.signOutDevice(...at(context), context.req.param('id') ?? ''),
  );
  app.post('/tapmark/attempts/:id/inquiry', named('/tapmark/attempts/:id/inquiry'), (context) =>
    inquire(...at(context), context.req.param('id') ?? ''),
  );
  app.post(setUpPath, named(setUpPath), (context) => session.checkSetUp(...at(context)));
  app.all('/tapmark/*', () => refusal('not-allowed'));
  app.all('/api/*', (context) =>
    api(context.req.raw, context.get('url'), context.get('own'), context.env.seen),
  );
  app.all('/login/*', named('/login'), (context) => schoolPages(...at(context), context.env.seen));
  app.all(
    '*',
    named('file'),
    (context) => deps.files?.(context.req.raw) ?? new Response('not found\n', { status: 404 }),
  );
  app.onError((error) => {
    report(error);
    // Nothing is known of what was asked, so nothing is promised.
    return refusal('no-answer', 'unknown');
  });

  async function stampIt(context: Ctx, next: () => Promise<void>): Promise<void> {
    await next();
    context.res = stamped(context.res, await ledger.stamp());
  }

  async function limitIt(context: Ctx, next: () => Promise<void>): Promise<Response | undefined> {
    const browser = signIn.browserKey(...at(context));
    const tooMany = await limits.refuse(context.env.seen.address, browser);
    if (tooMany === undefined) await next();
    return tooMany;
  }

  const observer = createObserver({ clock, metrics, log: deps.log });
  function answer(request: Request, peer: string | undefined): Promise<Response> {
    const address = clientAddress(peer, request.headers.get('x-forwarded-for'), proxies);
    return observer.observe(request, address, async (seen) => {
      const response = await app.fetch(request, { seen });
      const own = ownOrigin.of(new URL(request.url));
      return withSecurityHeaders(response, own?.startsWith('https:') === true);
    });
  }

  function direct(general: (incoming: IncomingMessage, outgoing: ServerResponse) => void): DirectAnswer {
    const { read } = deps.canvas;
    if (read === undefined || canvas.origin === undefined) return () => false;
    return createQuickReads({
      read: observedRead(read, { clock, metrics }),
      canvasOrigin: canvas.origin,
      userAgent,
      ownOriginOf: (url) => ownOrigin.of(url),
      session: (cookies, own) => sessions.recent(readCookie(cookies ?? null, signIn.sessionCookieName(own))),
      ledger,
      pictures,
      observer,
      addressOf: ({ socket, headers }) => {
        const forwarded = headers['x-forwarded-for'];
        return clientAddress(socket.remoteAddress, typeof forwarded === 'string' ? forwarded : null, proxies);
      },
      nowMs: () => clock.wallMs(),
      general,
      track: (work) => void inFlight.track(work),
    });
  }

  async function tidy(): Promise<void> {
    await ledger.forget();
    await sessions.cleanUp();
    await allowances.cleanUp();
  }

  return {
    fetch: (request, peer) => inFlight.track(answer(request, peer)),
    direct,
    async metrics() {
      return metrics.page({ tapmark_in_flight: inFlight.count(), tapmark_sessions: await sessions.count() });
    },
    drain() {
      isDraining = true;
    },
    tidy: () => inFlight.track(tidy()),
    idle: () => inFlight.idle(),
  };
}

const inquirySchema = v.pipe(v.string(), v.parseJson(), v.object({ stamp: v.nullish(v.string()) }));
