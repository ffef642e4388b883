import { attemptHeader, epochHeader, installationHeader, stampHeader } from '#canvas/gateway-wire.ts';
import { systemClock } from '#lib/clock.ts';
import { openDatabase } from '#server/database/database.ts';
import { createGateway, type CanvasSide } from '#server/gateway/gateway.ts';
import { gatewayMigrations } from '#server/gateway/migrations.ts';
import { createNetworkUpstream } from '#server/gateway/network-upstream.ts';
import { ownOrigin } from '#server/gateway/origin.ts';
import { serveHttp } from '#server/http-server.ts';
import { schoolMigrations } from '#server/school/migrations.ts';
import { createSchool } from '#server/school/school.ts';
import { createTestBrowser, type TestBrowser } from '../test-browser.ts';
import type { CanvasSubject, Login, SubjectRequest } from './subject.ts';

const key = { clientId: '10000000000001', clientSecret: 'a developer key for tests' };
const installation = '22222222-2222-4222-8222-222222222222';

/**
 * The way the app goes: over HTTP to the gateway, signed in by OAuth2, results as attempts with stamp and epoch.
 * @param place `embedded`: the school in the gateway's process; `over the network`: it plays a real Canvas
 */
export async function openGatewaySubject(place: 'embedded' | 'over the network'): Promise<CanvasSubject> {
  const unexpected: unknown[] = [];
  const report = (error: unknown) => void unexpected.push(error);
  const database = await openDatabase({
    url: 'sqlite::memory:',
    migrations: [...schoolMigrations, ...gatewayMigrations],
  });
  const school = await createSchool({
    database,
    clock: systemClock,
    // As the deployment page has it: no more than the scopes we ask for, and includes allowed.
    developerKeys: [
      {
        ...key,
        name: 'Tapmark',
        redirectUris: ['http://127.0.0.1'],
        enforcesScopes: place === 'over the network',
        allowsIncludes: true,
      },
    ],
    onUnexpected: report,
  });
  const canvas =
    place === 'embedded' ? undefined : await serveHttp({ fetch: school.fetch, host: '127.0.0.1', port: 0 });
  const network = canvas === undefined ? undefined : createNetworkUpstream(canvas.address);
  const side: CanvasSide = {
    upstream: network?.ask ?? school.fetch,
    ...(network === undefined ? {} : { read: network.read }),
    key,
    origin: canvas?.address,
    about: () => Promise.resolve({ host: 'school.test', schoolName: 'School', sample: true }),
  };
  const gateway = createGateway({
    canvas: side,
    database,
    secret: 'a secret of at least thirty-two characters',
    own: ownOrigin(undefined, '127.0.0.1'),
    clock: systemClock,
    log: { info: () => undefined, report },
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
      network?.close();
      await canvas?.close();
      await school.close();
      await database.close();
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
