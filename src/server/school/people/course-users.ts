import type { Kysely } from 'kysely';
import type { Right } from '../auth/rights.ts';
import { accessTo, requireRight } from '../courses/course-access.ts';
import { visibleSections } from '../courses/visible-sections.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { readPage } from '../http/pages.ts';
import { idsOf, textsOf } from '../http/parameters.ts';
import { Refusal } from '../http/refusal.ts';
import type { Json } from '../http/write-json.ts';
import type { School } from '../school-parts.ts';
import type {
  CourseRow,
  EnrollmentRow,
  EnrollmentState,
  EnrollmentType,
  SchoolTables,
  UserRow,
} from '../tables.ts';
import { groupBy } from '../grouping.ts';
import { compareIds, compareNames } from '../sorting.ts';
import { presentEnrollment, typesNamed } from './present-enrollment.ts';
import { presentUser, presentUserToStaff } from './present-user.ts';
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
  const onPage = people.slice(page.offset, page.offset + page.size);
  const include = textsOf(call.parameters['include']);
  // Canvas takes the Test Student out after it has cut the page, so a page may be short (contract §5.3).
  const shown = include.includes('test_student') ? onPage : onPage.filter((person) => !isTestStudent(person));
  const isStaff = access.rights.has('view_all_grades') || access.rights.has('manage_assignments_add');
  const body = shown.map(({ user, enrollments }): Json => ({
    ...(isStaff ? presentUserToStaff(user) : presentUser(user)),
    avatar_url: include.includes('avatar_url') ? (user.avatarUrl ?? undefined) : undefined,
    enrollments: include.includes('enrollments')
      ? enrollments.map((one) => presentEnrollment(one, call.url.origin))
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

interface Person {
  readonly user: UserRow;
  /** In the states asked for, by name of section. */
  readonly enrollments: readonly EnrollmentRow[];
}

function isTestStudent({ enrollments }: Person): boolean {
  return enrollments.some(({ type }) => type === 'StudentViewEnrollment');
}

/** Everybody who fits, each once, in order of the sortable name. */
async function findPeople(
  db: Kysely<SchoolTables>,
  course: CourseRow,
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
  return users
    .map((user) => ({ user, enrollments: ofUser.get(user.id) ?? [] }))
    .filter((person) => fits(person, filter))
    .sort(
      (a, b) => compareNames(a.user.sortableName, b.user.sortableName) || compareIds(a.user.id, b.user.id),
    );
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
