import type { Kysely } from 'kysely';
import type { Right } from '../auth/rights.ts';
import { accessTo, requireRight, type NamedCourse } from '../courses/course-access.ts';
import { hidesSectionsFrom, visibleSections } from '../courses/visible-sections.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { readPage } from '../http/pages.ts';
import { idsOf, textsOf } from '../http/parameters.ts';
import { Refusal } from '../http/refusal.ts';
import type { Json } from '../http/write-json.ts';
import type { School } from '../school-parts.ts';
import type { EnrollmentRow, EnrollmentState, EnrollmentType, SchoolTables, UserRow } from '../tables.ts';
import { groupBy } from '../grouping.ts';
import { compareIds, compareNames } from '../sorting.ts';
import { presentEnrollment, typesNamed } from './present-enrollment.ts';
import { presentUser, presentUserToStaff, uuidOf } from './present-user.ts';
import { searchTerm } from './search.ts';

/** `GET /courses/:course_id/users` (contract §5.3). */
export function courseUserEndpoints(school: School): Endpoint[] {
  const path = '/api/v1/courses/:course_id/users';
  return [{ method: 'GET', path, handle: (call) => listUsers(school, call) }];
}

const mayList: readonly Right[] = ['read_roster', 'view_all_grades', 'manage_grades'];

/** No total: Canvas does not count this list, so there is never a `last`. */
async function listUsers(school: School, call: Call): Promise<Response> {
  const access = await accessTo(school, call);
  requireRight(school, access, ...mayList);
  const page = readPage(call.parameters);
  const visible = await visibleSections(school, call.caller.user, access.course);
  const people = await findPeople(school.db, access.course, { ...readFilter(call), visible });
  people.sort(readOrder(call));
  const onPage = people.slice(page.offset, page.offset + page.size);
  const include = textsOf(call.parameters['include']);
  // Canvas takes the Test Student out after it has cut the page, so a page may be short (contract §5.3).
  const shown = include.includes('test_student') ? onPage : onPage.filter((person) => !isTestStudent(person));
  const isStaff = access.rights.has('view_all_grades') || access.rights.has('manage_assignments_add');
  const hidesSection = await hidesSectionsFrom(school, call.caller.user, access.course);
  const { origin } = call.url;
  const body = shown.map(({ user, enrollments, isConfirmed }): Json => ({
    ...(isStaff && isConfirmed ? presentUserToStaff(user) : presentUser(user)),
    avatar_url: include.includes('avatar_url') ? (user.avatarUrl ?? undefined) : undefined,
    uuid: include.includes('uuid') ? uuidOf(user) : undefined,
    enrollments: include.includes('enrollments')
      ? enrollments.map((one) => presentEnrollment(one, { origin, hidesSection }))
      : undefined,
  }));
  return call.answerPage(body, page, { hasNext: people.length > page.offset + page.size });
}

interface PeopleFilter {
  readonly states: readonly EnrollmentState[];
  readonly types: readonly EnrollmentType[] | undefined;
  readonly sectionIds: readonly string[] | undefined;
  readonly userIds: readonly string[] | undefined;
  readonly term: string | undefined;
  /** Sections the caller may see; undefined: all. */
  readonly visible: ReadonlySet<string> | undefined;
}

const states: readonly EnrollmentState[] = ['active', 'invited', 'rejected', 'completed', 'inactive'];

function readFilter({ parameters }: Call): Omit<PeopleFilter, 'visible'> {
  const words = textsOf(parameters['enrollment_state'] ?? ['active', 'invited']);
  if (words.some((word) => !states.some((state) => state === word))) {
    throw new Refusal(400, { errors: [{ message: 'invalid enrollment_state' }] });
  }
  const wanted = states.filter((state) => words.includes(state));
  const types = parameters['enrollment_type'];
  return {
    // Somebody whose invitation is still on its way counts as invited.
    states: wanted.includes('invited') ? [...wanted, 'creation_pending'] : wanted,
    types: types === undefined ? undefined : typesNamed(textsOf(types)),
    sectionIds: readIds(parameters['section_ids']),
    userIds: readIds(parameters['user_ids']),
    term: searchTerm(parameters['search_term']),
  };
}

function readIds(value: unknown): readonly string[] | undefined {
  return value === undefined ? undefined : idsOf(value);
}

type Order = (one: Person, other: Person) => number;

/** By sortable name, or first by what `sort` names; nobody's sign-ins are known, so `last_login` orders nothing. */
function readOrder({ parameters }: Call): Order {
  const byName: Order = ({ user: a }, { user: b }) =>
    compareNames(a.sortableName, b.sortableName) || compareIds(a.id, b.id);
  const text = sortedBy.get(parameters['sort']);
  if (text === undefined) return byName;
  return (one, other) => {
    const [a, b] = [text(one.user), text(other.user)];
    // Who has none comes last.
    if (a === null || b === null) return Number(a === null) - Number(b === null) || byName(one, other);
    return compareNames(a, b) || byName(one, other);
  };
}

const sortedBy: ReadonlyMap<unknown, (user: UserRow) => string | null> = new Map([
  ['email', (user: UserRow) => user.email],
  ['sis_id', (user: UserRow) => user.sisUserId],
]);

interface Person {
  readonly user: UserRow;
  /** In the states asked for, by name of section. */
  readonly enrollments: readonly EnrollmentRow[];
  /** Has taken a place in the course; of who is only invited, login and address are nobody's business yet. */
  readonly isConfirmed: boolean;
}

const unconfirmed: readonly EnrollmentState[] = ['invited', 'creation_pending', 'rejected'];

function isTestStudent({ enrollments }: Person): boolean {
  return enrollments.some(({ type }) => type === 'StudentViewEnrollment');
}

/** Everybody who fits, each once. */
async function findPeople(
  db: Kysely<SchoolTables>,
  course: NamedCourse,
  filter: PeopleFilter,
): Promise<Person[]> {
  const enrollments = await db
    .selectFrom('enrollments')
    .innerJoin('sections', 'sections.id', 'enrollments.sectionId')
    .selectAll('enrollments')
    .select('sections.name as sectionName')
    .where('enrollments.courseId', '=', course.id)
    .execute();
  const users = await db
    .selectFrom('users')
    .selectAll()
    .where('isDeleted', '=', 0)
    .where('id', 'in', (eb) =>
      eb.selectFrom('enrollments').select('userId').where('courseId', '=', course.id),
    )
    .execute();
  const inState = enrollments
    .filter(
      ({ state, sectionId }) => filter.states.includes(state) && (filter.visible?.has(sectionId) ?? true),
    )
    .sort((a, b) => compareNames(a.sectionName, b.sectionName) || compareIds(a.id, b.id));
  const ofUser = groupBy(inState, ({ userId }) => userId);
  const confirmed = new Set(
    enrollments.filter(({ state }) => !unconfirmed.includes(state)).map(({ userId }) => userId),
  );
  return users
    .map((user) => ({ user, enrollments: ofUser.get(user.id) ?? [], isConfirmed: confirmed.has(user.id) }))
    .filter((person) => fits(person, filter));
}

function fits({ user, enrollments }: Person, { types, sectionIds, userIds, term }: PeopleFilter): boolean {
  const isWanted = ({ type, sectionId }: EnrollmentRow) =>
    (types?.includes(type) ?? true) && (sectionIds?.includes(sectionId) ?? true);
  return (
    enrollments.some(isWanted) &&
    (userIds?.includes(user.id) ?? true) &&
    (term === undefined || user.searchText.includes(term) || user.id === term)
  );
}
