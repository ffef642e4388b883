/*
 * What may pass to Canvas: method, path and query, each spelled out. The address for Canvas is put together from
 * the parts that matched, never from the text that came in, so nothing clever in a path survives.
 */

/** A request that may pass. */
export interface AllowedCall {
  /** Path and query for Canvas. */
  readonly target: string;
  /**
   * `read`: repeating it does no harm. `assessment`: nor does it here, the key is the client's. `results`: creates
   * rows, so it passes at most once (sync protocol §13 duty 2).
   */
  readonly kind: 'read' | 'assessment' | 'results';
  /** The pattern that matched, `/api/v1/courses/:course/users`: what may stand in a log. */
  readonly route: string;
}

interface Route {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** Without `/api/v1`; a part that starts with `:` stands for an id. */
  readonly path: readonly string[];
  readonly kind: AllowedCall['kind'];
  readonly query: Readonly<Record<string, RegExp>>;
}

const paging = {
  // A page may be a bookmark token instead of a number (canvas-contract §2).
  page: /^[\w:.~=+/-]{1,2000}$/,
  per_page: /^[\w-]{0,10}$/,
};
const word = /^[a-z_]{1,40}$/;
const id = /^\d{1,20}$/;

function route(
  method: Route['method'],
  path: string,
  kind: Route['kind'],
  query: Route['query'] = {},
): Route {
  return { name: `/api/v1/${path}`, method, path: path.split('/'), kind, query };
}

const routes: readonly Route[] = [
  route('GET', 'courses/:course/live_assessments', 'read', paging),
  route('POST', 'courses/:course/live_assessments', 'assessment'),
  route('GET', 'courses/:course/live_assessments/:assessment/results', 'read', {
    ...paging,
    user_id: /^\d{0,20}$/,
  }),
  route('POST', 'courses/:course/live_assessments/:assessment/results', 'results'),
  route('GET', 'users/self', 'read'),
  route('GET', 'courses', 'read', {
    ...paging,
    'include[]': word,
    enrollment_state: word,
    enrollment_type: word,
    'state[]': word,
  }),
  route('GET', 'courses/:course/users', 'read', {
    ...paging,
    'include[]': word,
    'enrollment_type[]': word,
    'enrollment_state[]': word,
    'section_ids[]': id,
    'user_ids[]': id,
  }),
  route('GET', 'courses/:course/sections', 'read', { ...paging, 'include[]': word }),
  route('GET', 'courses/:course/groups', 'read', { ...paging, 'include[]': word }),
  route('GET', 'groups/:group/users', 'read', { ...paging, 'include[]': word }),
  route('GET', 'courses/:course/outcome_groups', 'read', paging),
  route('GET', 'courses/:course/outcome_group_links', 'read', {
    ...paging,
    outcome_style: word,
    outcome_group_style: word,
  }),
  route('GET', 'courses/:course/outcome_results', 'read', {
    ...paging,
    'include[]': word,
    'user_ids[]': id,
    'outcome_ids[]': id,
  }),
  route('GET', 'courses/:course/outcome_rollups', 'read', {
    ...paging,
    'include[]': word,
    'user_ids[]': id,
    'outcome_ids[]': id,
    aggregate: word,
    aggregate_stat: word,
    'exclude[]': word,
  }),
];

/** How Canvas spells the changing parts of a path in its scopes. */
const scopeNames: Readonly<Record<string, string>> = {
  ':course': ':course_id',
  ':assessment': ':assessment_id',
  ':group': ':group_id',
  self: ':id',
};

/** The scopes the developer key needs, which are what the list above lets through (canvas-contract §3.1). */
export const scopes: readonly string[] = [
  ...new Set(
    routes.map(({ method, path }) => {
      const parts = path.map((part) => scopeNames[part] ?? part);
      return `url:${method}|/api/v1/${parts.join('/')}`;
    }),
  ),
];

const longestQuery = 4096;

/** @returns undefined for anything that is not on the list */
export function allowedCall(method: string, url: URL): AllowedCall | undefined {
  const prefix = '/api/v1/';
  if (!url.pathname.startsWith(prefix) || url.search.length > longestQuery) return undefined;
  const parts = url.pathname.slice(prefix.length).split('/');
  for (const candidate of routes) {
    if (candidate.method !== method || !matches(candidate.path, parts)) continue;
    const query = allowedQuery(candidate.query, url.searchParams);
    return query === undefined
      ? undefined
      : { target: `${prefix}${parts.join('/')}${query}`, kind: candidate.kind, route: candidate.name };
  }
  return undefined;
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((wanted, at) => (wanted.startsWith(':') ? id.test(parts[at] ?? '') : wanted === parts[at]))
  );
}

/** The query, encoded anew; undefined when a name is not expected or a value not in its form. */
function allowedQuery(allowed: Route['query'], given: URLSearchParams): string | undefined {
  for (const [name, value] of given) {
    if (!Object.hasOwn(allowed, name) || allowed[name]?.test(value) !== true) return undefined;
  }
  return given.size === 0 ? '' : `?${given.toString()}`;
}
