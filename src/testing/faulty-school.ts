import type { Random } from '#lib/random.ts';

/*
 * A Canvas that lies: wrapped around a school's fetch in tests, and only there. What it does is what real
 * ones were seen to do (canvas-contract §4, §8, §10), at moments the test chooses.
 */

/** What befalls a single request. */
export type SchoolFault =
  /** Everything is stored, and then the answer is Canvas's generic failure. */
  | 'commit-then-500'
  /** Everything is stored, and then a proxy answers in Canvas's place. */
  | 'commit-then-html-503'
  /** Everything is stored, and then the connection breaks. */
  | 'commit-then-cut'
  /** A maintenance page; nothing was done. */
  | 'html-503'
  /** The rate limiter; nothing was done. */
  | 'throttle'
  /** The token of this request is expired from now on, until another one comes; nothing was done. */
  | 'token-expires';

type Fetch = (request: Request) => Promise<Response>;

export interface FaultySchool {
  readonly fetch: Fetch;
  /** The next request that fits meets this fault; several wait in line. */
  readonly next: (fault: SchoolFault, fits?: (request: Request) => boolean) => void;
  /** While on, reads do not show results stored since it was turned on, as from a replica that lags. */
  readonly setReplicaLag: (on: boolean) => void;
  /** While on, no list says how long it is: the count query ran out of time (§2). */
  readonly setMissingCounts: (on: boolean) => void;
  /** While set, rows of the two Live Assessments lists come in any order within a page (§2). */
  readonly setUnordered: (random: Random | undefined) => void;
}

/** Whether it is the one request that must not be repeated. */
export function isResultsPost(request: Request): boolean {
  return request.method === 'POST' && resultsPath.test(new URL(request.url).pathname);
}

const resultsPath = /\/live_assessments\/[^/]+\/results(?:\.json)?$/;

export function withFaults(fetch: Fetch): FaultySchool {
  const waiting: { fault: SchoolFault; fits: (request: Request) => boolean }[] = [];
  const expired = new Set<string>();
  const unseen = new Map<string, string>();
  let isLagging = false;
  let countsMissing = false;
  let shuffler: Random | undefined;

  async function answer(request: Request): Promise<Response> {
    const authorization = request.headers.get('authorization') ?? '';
    if (expired.has(authorization)) return tokenExpired();
    const at = waiting.findIndex(({ fits }) => fits(request));
    const fault = at === -1 ? undefined : waiting.splice(at, 1)[0]?.fault;
    switch (fault) {
      case undefined:
        return readAnswer(request);
      case 'commit-then-500':
        await readAnswer(request);
        return json(500, {
          errors: [{ message: 'An error occurred.', error_code: 'internal_server_error' }],
          error_report_id: 4711,
        });
      case 'commit-then-html-503':
        await readAnswer(request);
        return maintenancePage();
      case 'commit-then-cut':
        await readAnswer(request);
        throw new TypeError('the connection broke before the answer');
      case 'html-503':
        return maintenancePage();
      case 'throttle':
        return throttled();
      case 'token-expires':
        expired.add(authorization);
        return tokenExpired();
    }
  }

  /** The school's own answer, seen through the replica, the missing counts and the loose order. */
  async function readAnswer(request: Request): Promise<Response> {
    const response = await fetch(request);
    const { pathname, searchParams } = new URL(request.url);
    if (!response.ok || !/\/live_assessments/.test(pathname)) return response;
    const body = (await response.json()) as ListBody;
    if (isLagging && isResultsPost(request)) {
      for (const row of body.results ?? []) unseen.set(row.id, `${row.links.assessment}/${row.links.user}`);
    }
    const headers = new Headers(response.headers);
    if (request.method === 'GET') {
      if (isLagging && body.results !== undefined) hideUnseen(body, pathname, searchParams.get('user_id'));
      if (shuffler !== undefined) shuffle(body.results ?? body.assessments ?? [], shuffler);
      if (countsMissing) dropCounts(body, headers);
    }
    return new Response(JSON.stringify(body), { status: response.status, headers });
  }

  function hideUnseen(body: ListBody, pathname: string, user: string | null): void {
    const assessment = /live_assessments\/(\d+)/.exec(pathname)?.[1] ?? '';
    const hidden = [...unseen.values()].filter((of) =>
      user === null ? of.startsWith(`${assessment}/`) : of === `${assessment}/${user}`,
    );
    body.results = body.results?.filter(({ id }) => !unseen.has(id)) ?? [];
    const pagination = body.meta?.pagination;
    if (typeof pagination?.['count'] === 'number') pagination['count'] -= hidden.length;
  }

  return {
    fetch: answer,
    next: (fault, fits = isResultsPost) => waiting.push({ fault, fits }),
    setReplicaLag: (on) => {
      isLagging = on;
      unseen.clear();
    },
    setMissingCounts: (on) => (countsMissing = on),
    setUnordered: (random) => (shuffler = random),
  };
}

interface ListBody {
  results?: { readonly id: string; readonly links: { readonly assessment: string; readonly user: string } }[];
  assessments?: unknown[];
  meta?: { readonly pagination?: Record<string, unknown> };
}

function dropCounts(body: ListBody, headers: Headers): void {
  const pagination = body.meta?.pagination ?? {};
  for (const name of ['last', 'count', 'page_count']) Reflect.deleteProperty(pagination, name);
  const link = headers.get('link');
  if (link === null) return;
  headers.set(
    'link',
    link
      .split(',')
      .filter((entry) => !entry.endsWith('rel="last"'))
      .join(','),
  );
}

function shuffle(rows: unknown[], random: Random): void {
  for (let at = rows.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random.fraction() * (at + 1));
    [rows[at], rows[other]] = [rows[other], rows[at]];
  }
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}

function tokenExpired(): Response {
  const headers = { 'www-authenticate': 'Bearer realm="canvas-lms"' };
  return json(401, { errors: [{ message: 'Expired access token.' }] }, headers);
}

function throttled(): Response {
  return new Response('403 Forbidden (Rate Limit Exceeded)\n', {
    status: 403,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-rate-limit-remaining': '0.0' },
  });
}

function maintenancePage(): Response {
  return new Response('<!doctype html><title>Down for maintenance</title><h1>Back soon</h1>', {
    status: 503,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });
}
