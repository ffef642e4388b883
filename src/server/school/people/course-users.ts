import type { Kysely } from 'kysely';
import { idsFrom } from '../../database/json-rows.ts';
import type { Right } from '../auth/rights.ts';
import { accessTo, requireRight, type NamedCourse } from '../courses/course-access.ts';
import { hidesSectionsFrom, visibleSections } from '../courses/visible-sections.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { readPage } from '../http/pages.ts';
import { idOf, idsOf, textsOf } from '../http/parameters.ts';
import { Refusal } from '../http/refusal.ts';
import type { Json } from '../http/write-json.ts';
import type { School } from '../school-parts.ts';
import type { EnrollmentRow, EnrollmentState, EnrollmentType, SchoolTables, UserRow } from '../tables.ts';
import { groupBy } from '../grouping.ts';
import { byName, compareIds, compareNames } from '../sorting.ts';
import { presentEnrollment, typesNamed } from './present-enrollment.ts';
import { presentUser, presentUserToStaff, uuidOf } from './present-user.ts';
import { searchedFor, searchTerm } from './search.ts';
import { usersInOrder } from './users-in-order.ts';

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
  const filter = { ...readFilter(call), visible };
  const found = await findNames(school.db, access.course, filter, sortedBy.get(call.parameters['sort']));
  found.sort(inOrder);
  const names = found.slice(page.offset, page.offset + page.size);
  const onPage = await readPeople(school.db, access.course, filter, names);
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
    // Nobody is locked out here, has written about themselves, or has links of their own.
    locked: include.includes('locked') ? false : undefined,
    bio: include.includes('bio') ? null : undefined,
    custom_links: include.includes('custom_links') ? [] : undefined,
    enrollments: include.includes('enrollments')
      ? enrollments.map((one) => presentEnrollment(one, { origin, hidesSection }))
      : undefined,
  }));
  return call.answerPage(body, page, { hasNext: found.length > page.offset + page.size });
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

/** By sortable name, or first by what `sort` names; nobody's sign-ins are known, so `last_login` orders nothing. */
const sortedBy = new Map<unknown, 'users.email' | 'users.sisUserId'>([
  ['email', 'users.email'],
  ['sis_id', 'users.sisUserId'],
]);

/** What a person's place in the list depends on. */
interface ListedName {
  readonly id: string;
  readonly name: string;
  readonly first: string | null;
}

function inOrder(one: ListedName, other: ListedName): number {
  const [a, b] = [one.first, other.first];
  // Who has none comes last.
  if (a === null || b === null) return Number(a === null) - Number(b === null) || byName(one, other);
  return compareNames(a, b) || byName(one, other);
}

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

/** Everybody who fits, each once, in no order. */
async function findNames(
  db: Kysely<SchoolTables>,
  course: NamedCourse,
  filter: PeopleFilter,
  first: 'users.email' | 'users.sisUserId' | 'users.sortableName' = 'users.sortableName',
): Promise<ListedName[]> {
  const { types, sectionIds, userIds, term } = filter;
  // PostgreSQL knows no empty list.
  if (filter.states.length === 0 || types?.length === 0) return [];
  const ids = (list: Iterable<string>) => idsFrom(db, JSON.stringify([...list]));
  const places = placesIn(db, course, filter)
    .select('enrollments.userId')
    .$if(types !== undefined, (query) => query.where('enrollments.type', 'in', types ?? []))
    .$if(sectionIds !== undefined, (query) =>
      query.where('enrollments.sectionId', 'in', ids(sectionIds ?? [])),
    );
  return db
    .selectFrom('users')
    .select(['users.id', 'users.sortableName as name', `${first} as first`])
    .where('users.isDeleted', '=', 0)
    .where('users.id', 'in', places)
    .$if(userIds !== undefined, (query) => query.where('users.id', 'in', ids(userIds ?? [])))
    .$if(term !== undefined, (query) =>
      query.where((eb) =>
        eb.or([searchedFor(eb.ref('users.searchText'), term), eb('users.id', '=', exactId(term))]),
      ),
    )
    .execute();
}

/** A search term that is somebody's number, spelled as we spell it; 0 is nobody's. */
function exactId(term: string | undefined): string {
  const id = idOf(term);
  return id === term && id !== undefined ? id : '0';
}

/** The places that a filter lets through whatever it says of roles and sections. */
function placesIn(db: Kysely<SchoolTables>, course: NamedCourse, { states: wanted, visible }: PeopleFilter) {
  return db
    .selectFrom('enrollments')
    .where('enrollments.courseId', '=', course.id)
    .where('enrollments.state', 'in', wanted)
    .$if(visible !== undefined, (query) =>
      query.where('enrollments.sectionId', 'in', idsFrom(db, JSON.stringify([...(visible ?? [])]))),
    );
}

/** Those on the page, in its order. */
async function readPeople(
  db: Kysely<SchoolTables>,
  course: NamedCourse,
  filter: PeopleFilter,
  names: readonly ListedName[],
): Promise<Person[]> {
  const ids = idsFrom(db, JSON.stringify(names.map(({ id }) => id)));
  const places = await placesIn(db, course, filter)
    .innerJoin('sections', 'sections.id', 'enrollments.sectionId')
    .selectAll('enrollments')
    .select('sections.name as sectionName')
    .where('enrollments.userId', 'in', ids)
    .execute();
  places.sort((a, b) => compareNames(a.sectionName, b.sectionName) || compareIds(a.id, b.id));
  const ofUser = groupBy(places, ({ userId }) => userId);
  const confirmed = await db
    .selectFrom('enrollments')
    .select('userId')
    .distinct()
    .where('courseId', '=', course.id)
    .where('userId', 'in', ids)
    .where('state', 'not in', unconfirmed)
    .execute();
  const isConfirmed = new Set(confirmed.map(({ userId }) => userId));
  return (await usersInOrder(db, names)).map((user) => ({
    user,
    enrollments: ofUser.get(user.id) ?? [],
    isConfirmed: isConfirmed.has(user.id),
  }));
}
