import type { UserId } from '#domain/ids.ts';
import { parseSecond } from '#domain/instant.ts';

/** A row as the model keeps it. */
export interface ModelRow {
  readonly id: string;
  readonly assessment: string;
  readonly student: string;
  readonly assessor: string;
  readonly passed: boolean;
  readonly assessedAt: string;
  /** Virtual time of the commit, ms. */
  readonly committedAt: number;
}

export interface ModelRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly body?: string;
  /** Who is signed in; undefined: nobody. */
  readonly user: string | undefined;
}

export interface ModelAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the model may be told to do wrong. */
export interface ModelMood {
  /** Reads are answered from a replica this old, ms. */
  lagMs: number;
  /** Leaves the count out of lists. */
  noCount: boolean;
  /** Largest page. */
  pageSize: number;
  /** Chooses the order of rows in a list; rows come in order of creation without it. */
  shuffle: ((rows: ModelRow[]) => ModelRow[]) | undefined;
  mayList: boolean;
  mayCreate: boolean;
  /** Students for whom every batch is answered with 500 and not stored. */
  poison: Set<string>;
  /** Largest number of marks in a body before 413. */
  maxBatch: number;
}

interface Element {
  readonly passed: boolean;
  readonly assessed_at: string;
  readonly links: { readonly user: string };
}

const json = { 'content-type': 'application/json; charset=utf-8' };
const origin = 'https://tapmark.test';

/**
 * Live Assessments as plain objects (canvas-contract §1): a POST is stored all or nothing at the moment `handle` is
 * called, has no key that would make it safe to repeat, and nothing is ever changed or removed.
 */
export class ModelCanvas {
  readonly rows: ModelRow[] = [];
  readonly assessments: {
    readonly id: string;
    readonly course: string;
    readonly key: string;
    title: string;
  }[] = [];
  /** Students of each course; a course that is not here does not exist. */
  readonly rosters = new Map<string, Set<string>>();
  readonly mood: ModelMood = {
    lagMs: 0,
    noCount: false,
    pageSize: 100,
    shuffle: undefined,
    mayList: true,
    mayCreate: true,
    poison: new Set(),
    maxBatch: Infinity,
  };
  requests = 0;
  private nextId = 1000;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  enrol(course: string, students: readonly string[]): void {
    this.rosters.set(course, new Set(students));
  }

  /** Rows of a student, by any assessor. */
  rowsOf(student: UserId | string): ModelRow[] {
    return this.rows.filter((row) => row.student === student);
  }

  /** Comes between a request and its answer, to do or say something else. */
  intercept:
    | ((request: ModelRequest, answer: (changes?: Partial<ModelRequest>) => ModelAnswer) => ModelAnswer)
    | undefined;

  readonly handle = (request: ModelRequest): ModelAnswer => {
    this.requests += 1;
    const answer = (changes: Partial<ModelRequest> = {}) => this.answer({ ...request, ...changes });
    return this.intercept === undefined ? answer() : this.intercept(request, answer);
  };

  private answer(request: ModelRequest): ModelAnswer {
    const [path = '', query = ''] = request.path.split('?');
    const parts = path.split('/').slice(3);
    const [courses, course = '', what, assessment, results] = parts;
    if (request.user === undefined) return unauthenticated();
    const roster = this.rosters.get(course);
    if (courses !== 'courses' || roster === undefined) return missing();
    if (what === 'users') return this.roster(roster);
    if (what !== 'live_assessments') return missing();
    if (assessment === undefined)
      return request.method === 'POST' ? this.findOrCreate(course, request.body ?? '') : missing();
    const found = this.assessments.find((one) => one.id === assessment && one.course === course);
    if (found === undefined || results !== 'results') return missing();
    return request.method === 'POST'
      ? this.post(found.id, roster, request)
      : this.list(found.id, new URLSearchParams(query), path);
  }

  private roster(students: ReadonlySet<string>): ModelAnswer {
    return ok([...students].map((id) => ({ id })));
  }

  private findOrCreate(course: string, body: string): ModelAnswer {
    const { assessments } = JSON.parse(body) as { assessments: { key: string; title: string }[] };
    if (!this.mood.mayCreate) return forbidden();
    const answered = assessments.map(({ key, title }) => {
      let found = this.assessments.find((one) => one.course === course && one.key === key);
      if (found === undefined) {
        found = { id: String(this.nextId++), course, key, title };
        this.assessments.push(found);
      }
      found.title = title;
      return { id: found.id, key, title };
    });
    return ok({ links: {}, assessments: answered });
  }

  private post(assessment: string, roster: ReadonlySet<string>, request: ModelRequest): ModelAnswer {
    if (!this.mood.mayCreate) return forbidden();
    const { results } = JSON.parse(request.body ?? '') as { results: Element[] };
    if (results.length > this.mood.maxBatch) return { status: 413, headers: json, body: '{}' };
    const groups = new Map<string, Element[]>();
    for (const element of results) {
      groups.set(element.links.user, [...(groups.get(element.links.user) ?? []), element]);
    }
    if ([...groups.keys()].some((student) => this.mood.poison.has(student))) return serverError();
    if (![...groups.keys()].every((student) => roster.has(student)))
      return badRequest('user must be in the context');
    const stored = [...groups.values()].flat().map((element): ModelRow => {
      const row: ModelRow = {
        id: String(this.nextId++),
        assessment,
        student: element.links.user,
        assessor: request.user ?? '',
        passed: element.passed,
        assessedAt: parseSecond(element.assessed_at) ?? element.assessed_at,
        committedAt: this.now(),
      };
      this.rows.push(row);
      return row;
    });
    return ok({ results: stored.map(onWire) });
  }

  private list(assessment: string, query: URLSearchParams, path: string): ModelAnswer {
    if (!this.mood.mayList) return forbidden();
    const user = query.get('user_id');
    const until = this.now() - this.mood.lagMs;
    let rows = this.rows.filter(
      (row) =>
        row.assessment === assessment && row.committedAt <= until && (user === null || row.student === user),
    );
    if (this.mood.shuffle !== undefined) rows = this.mood.shuffle(rows);
    const page = Number(query.get('page') ?? '1');
    const size = Math.min(Number(query.get('per_page') ?? '10'), this.mood.pageSize);
    const more = rows.length > page * size;
    const next = new URLSearchParams(query);
    next.set('page', String(page + 1));
    const pagination = {
      page,
      ...(more ? { next: `${origin}${path}?${next.toString()}` } : {}),
      ...(this.mood.noCount ? {} : { count: rows.length }),
    };
    const shown = rows.slice((page - 1) * size, page * size);
    return ok({ results: shown.map(onWire), meta: { pagination } });
  }
}

function onWire(row: ModelRow) {
  return {
    id: row.id,
    passed: row.passed,
    assessed_at: row.assessedAt,
    links: { user: row.student, assessor: row.assessor, assessment: row.assessment },
  };
}

export function ok(body: unknown): ModelAnswer {
  return { status: 200, headers: json, body: JSON.stringify(body) };
}

export function badRequest(message: string): ModelAnswer {
  return { status: 400, headers: json, body: JSON.stringify({ status: 'bad_request', message }) };
}

export function serverError(): ModelAnswer {
  const errors = [{ message: 'An error occurred.', error_code: 'internal_server_error' }];
  return { status: 500, headers: json, body: JSON.stringify({ errors }) };
}

export function forbidden(): ModelAnswer {
  const errors = [{ message: 'user not authorized to perform that action' }];
  return { status: 403, headers: json, body: JSON.stringify({ status: 'unauthorized', errors }) };
}

export function unauthenticated(): ModelAnswer {
  return {
    status: 401,
    headers: { ...json, 'www-authenticate': 'Bearer realm="canvas-lms"' },
    body: JSON.stringify({ errors: [{ message: 'Invalid access token.' }] }),
  };
}

export function missing(): ModelAnswer {
  const errors = [{ message: 'The specified resource does not exist.' }];
  return { status: 404, headers: json, body: JSON.stringify({ errors }) };
}

export function throttled(headers: Readonly<Record<string, string>> = {}): ModelAnswer {
  return {
    status: 403,
    headers: { 'content-type': 'text/plain', ...headers },
    body: '403 Forbidden (Rate Limit Exceeded)',
  };
}

/** What a school's Wi-Fi answers in Canvas's place. */
export function portalPage(): ModelAnswer {
  return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><h1>Sign in</h1></html>' };
}
