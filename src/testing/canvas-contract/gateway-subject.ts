import { attemptHeader, epochHeader, installationHeader, stampHeader } from '#canvas/gateway-wire.ts';
import { systemClock } from '#lib/clock.ts';
import { createGateway } from '#server/gateway/gateway.ts';
import { ownOrigin } from '#server/gateway/origin.ts';
import { serveHttp } from '#server/http-server.ts';
import { createLogger } from '#server/log.ts';
import { keepSecret, openLog } from '../server-logs/keep.ts';
import { createTestBrowser, type TestBrowser } from '../test-browser.ts';
import type { CanvasPlace } from './canvas-places.ts';
import type { CanvasSubject, Login, SubjectRequest } from './subject.ts';

const secret = 'a secret of at least thirty-two characters';
const installation = '22222222-2222-4222-8222-222222222222';

/**
 * The way the app goes: over HTTP to the gateway, signed in by OAuth2, results as attempts with stamp and epoch.
 * @param openPlace opens the Canvas behind it
 */
export async function openGatewaySubject(openPlace: () => Promise<CanvasPlace>): Promise<CanvasSubject> {
  const unexpected: unknown[] = [];
  const log = createLogger({ level: 'info', write: openLog() });
  const place = await openPlace();
  keepSecret('client secret', place.side.key.clientSecret);
  keepSecret('session secret', secret);
  const gateway = createGateway({
    canvas: place.side,
    database: place.database,
    secret,
    own: ownOrigin(undefined, '127.0.0.1'),
    clock: systemClock,
    log: {
      info: log.info,
      report(error) {
        log.report(error);
        unexpected.push(error);
      },
    },
  });
  const http = await serveHttp({
    fetch: (request) => gateway.fetch(request),
    direct: (general) => gateway.direct(general),
    host: '127.0.0.1',
    port: 0,
  });
  const browsers = new Map<Login | undefined, Promise<TestBrowser>>();
  const browserOf = (login: Login | undefined) => {
    const known = browsers.get(login);
    if (known !== undefined) return known;
    const opened = openBrowser(http.address, login);
    browsers.set(login, opened);
    return opened;
  };

  return {
    origin: http.address,
    async request(login, request) {
      const browser = await browserOf(login);
      const attempt = isResultsPost(request) ? await attemptHeaders(browser) : {};
      const { method, path, headers, body } = request;
      return browser.go(path, {
        method,
        headers: { ...headers, ...attempt },
        ...(body === undefined ? {} : { body }),
      });
    },
    async close() {
      await http.close();
      await gateway.idle();
      await place.close();
      if (unexpected.length > 0) throw new AggregateError(unexpected, 'errors nobody foresaw');
    },
  };
}

function isResultsPost({ method, path }: SubjectRequest): boolean {
  return method === 'POST' && /\/results(\?|$)/.test(path);
}

async function attemptHeaders(browser: TestBrowser): Promise<Record<string, string>> {
  const session = await browser.go('/tapmark/session');
  return {
    [attemptHeader]: crypto.randomUUID(),
    [installationHeader]: installation,
    [epochHeader]: '1',
    [stampHeader]: session.headers.get(stampHeader) ?? '',
  };
}

/** A browser whose person has pressed the button on the school's sign-in page. */
async function openBrowser(address: string, login: Login | undefined): Promise<TestBrowser> {
  const browser = createTestBrowser(address);
  if (login === undefined) return browser;
  const start = await browser.go('/tapmark/sign-in');
  const page = new URL(start.headers.get('location') ?? '');
  const answer = await fetch(page.origin + page.pathname, {
    method: 'POST',
    body: new URLSearchParams([...page.searchParams, ['login', login]]),
    redirect: 'manual',
  });
  const back = new URL(answer.headers.get('location') ?? '');
  await browser.go(back.pathname + back.search);
  return browser;
}
