import { isCanvasId } from '#domain/ids.ts';

/** Canvas's own maximum (canvas-contract §2); the default of 10 would cost ten times the requests. */
export const perPage = 100;

/** A path with its ids, each checked: an id from an address bar must not become `..` or another endpoint. */
function path(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return String.raw(
    parts,
    ...ids.map((id) => {
      if (!isCanvasId(id)) throw new RangeError('not a Canvas id');
      return id;
    }),
  );
}

function withQuery(base: string, query: Readonly<Record<string, string | readonly string[]>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, per_page: String(perPage) })) {
    for (const one of typeof value === 'string' ? [value] : value) parameters.append(name, one);
  }
  return `${base}?${parameters.toString()}`;
}

/** Active and invited are the students whom Canvas accepts in a batch (§1.5). */
const students = { 'enrollment_type[]': 'student', 'enrollment_state[]': ['active', 'invited'] };

/** Paths of Canvas's API as this app asks for them; lists with the largest page. */
export const apiPaths = {
  self: '/api/v1/users/self',
  courses: withQuery('/api/v1/courses', {
    enrollment_state: 'active',
    'include[]': ['term', 'total_students'],
  }),
  assessments: (course: string) => path`/api/v1/courses/${course}/live_assessments`,
  assessmentList: (course: string) => withQuery(path`/api/v1/courses/${course}/live_assessments`, {}),
  results: (course: string, assessment: string) =>
    path`/api/v1/courses/${course}/live_assessments/${assessment}/results`,
  resultList: (course: string, assessment: string, user?: string) =>
    withQuery(
      path`/api/v1/courses/${course}/live_assessments/${assessment}/results`,
      user === undefined ? {} : { user_id: user },
    ),
  roster: (course: string) => withQuery(path`/api/v1/courses/${course}/users`, students),
  students: (course: string) =>
    withQuery(path`/api/v1/courses/${course}/users`, {
      ...students,
      'include[]': ['enrollments', 'avatar_url'],
    }),
  sections: (course: string) => withQuery(path`/api/v1/courses/${course}/sections`, {}),
  groups: (course: string) => withQuery(path`/api/v1/courses/${course}/groups`, {}),
  groupMembers: (group: string) => withQuery(path`/api/v1/groups/${group}/users`, {}),
  outcomeLinks: (course: string) =>
    withQuery(path`/api/v1/courses/${course}/outcome_group_links`, { outcome_style: 'full' }),
};
