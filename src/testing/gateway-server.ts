import { attemptHeader, epochHeader, installationHeader, stampHeader } from '#canvas/gateway-wire.ts';
import { systemClock, type Clock } from '#lib/clock.ts';
import { openDatabase, type Database } from '#server/database/database.ts';
import { createGateway, type CanvasSide, type Gateway } from '#server/gateway/gateway.ts';
import { gatewayMigrations } from '#server/gateway/migrations.ts';
import { ownOrigin } from '#server/gateway/origin.ts';
import { readBytes } from '#server/gateway/read-text.ts';
import { LateAnswerError, type ReadUpstream, type Upstream } from '#server/gateway/upstream.ts';
import { serveHttp } from '#server/http-server.ts';
import { createLogger } from '#server/log.ts';
import { createScriptedCanvas, type ScriptedCanvas } from './scripted-canvas.ts';
import { keepSecret, openLog } from './server-logs/keep.ts';
import { createTestBrowser, type TestBrowser } from './test-browser.ts';

export const scriptedOrigin = 'https://canvas.test';

export interface GatewayServer {
  readonly canvas: ScriptedCanvas;
  readonly gateway: Gateway;
  readonly database: Database;
  readonly address: string;
  readonly reported: unknown[];
  /** How many reads went the short way. */
  readonly quickReads: () => number;
  /** Every line that was logged, as JSON. */
  readonly logged: string[];
  browser(): TestBrowser;
  close(): Promise<void>;
}

/** A gateway over real HTTP, before a scripted Canvas. */
export async function startGatewayServer(
  options: {
    readonly canvas?: ScriptedCanvas;
    readonly database?: Database;
    readonly publicOrigin?: string;
    readonly clock?: Clock;
    readonly side?: Partial<CanvasSide>;
    readonly secret?: string;
    readonly settings?: { readonly sharedTablets?: boolean };
  } = {},
): Promise<GatewayServer> {
  const canvas = options.canvas ?? createScriptedCanvas();
  const database =
    options.database ?? (await openDatabase({ url: 'sqlite::memory:', migrations: gatewayMigrations }));
  const reported: unknown[] = [];
  const logged: string[] = [];
  const real = createLogger({ level: 'info', write: openLog() });
  const secret = options.secret ?? 'a secret of at least thirty-two characters';
  keepSecret('session secret', secret);
  let quickReads = 0;
  const read = readThrough(options.side?.upstream ?? canvas.ask, options.clock ?? systemClock);
  const gateway = createGateway({
    canvas: {
      upstream: canvas.ask,
      read: (question) => {
        quickReads += 1;
        return read(question);
      },
      key: { clientId: 'key', clientSecret: 'client-secret' },
      origin: scriptedOrigin,
      about: () => Promise.resolve({ host: 'canvas.test', schoolName: 'Test School', sample: false }),
      ...options.side,
    },
    database,
    secret,
    own: ownOrigin(options.publicOrigin, '127.0.0.1'),
    clock: options.clock ?? systemClock,
    log: {
      info(event, fields) {
        real.info(event, fields);
        logged.push(JSON.stringify({ event, ...fields }));
      },
      report(error) {
        real.report(error);
        reported.push(error);
      },
    },
    trustedProxies: ['127.0.0.1'],
    ...options.settings,
  });
  const fetch = (request: Request, peer?: string) => gateway.fetch(request, peer);
  const direct: HttpOptions['direct'] = (general) => gateway.direct(general);
  const http = await serveHttp({ fetch, direct, host: '127.0.0.1', port: 0 });
  return {
    canvas,
    gateway,
    database,
    address: http.address,
    reported,
    quickReads: () => quickReads,
    logged,
    browser: () => createTestBrowser(http.address),
    async close() {
      await http.close();
      await gateway.idle();
      if (options.database === undefined) await database.close();
    },
  };
}

type HttpOptions = Parameters<typeof serveHttp>[0];

/** The short way for reads, to a Canvas that is a function. */
function readThrough(ask: Upstream, clock: Clock): ReadUpstream {
  return async ({ target, headers, largest, limitMs }) => {
    const done = new AbortController();
    const late = clock.sleep(limitMs, done.signal).then(() => {
      if (!done.signal.aborted) throw new LateAnswerError();
      return new Response();
    });
    try {
      const { signal } = done;
      const answer = await Promise.race([
        ask(new Request(scriptedOrigin + target, { headers, signal })),
        late,
      ]);
      const body = await readBytes(answer.body, largest);
      return { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, body };
    } finally {
      done.abort();
    }
  };
}

/** Signs a browser in by the whole way through Canvas. @returns the last answer */
export async function signIn(browser: TestBrowser, returnTo = '/'): Promise<Response> {
  const start = await browser.go(`/tapmark/sign-in?return_to=${encodeURIComponent(returnTo)}`);
  const state = new URL(start.headers.get('location') ?? '').searchParams.get('state') ?? '';
  return browser.go(`/tapmark/sign-in/return?code=good-code&state=${state}`);
}

/** The headers of an attempt, with a stamp of now. */
export async function attemptHeaders(
  browser: TestBrowser,
  fields: { id?: string; epoch?: number } = {},
): Promise<Record<string, string>> {
  const session = await browser.go('/tapmark/session');
  return {
    'content-type': 'application/json',
    [attemptHeader]: fields.id ?? crypto.randomUUID(),
    [installationHeader]: '11111111-1111-4111-8111-111111111111',
    [epochHeader]: String(fields.epoch ?? 1),
    [stampHeader]: session.headers.get(stampHeader) ?? '',
  };
}
