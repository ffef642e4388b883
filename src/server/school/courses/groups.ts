import { idsFrom } from '../../database/json-rows.ts';
import { rightsIn } from '../auth/rights.ts';
import { groupBy } from '../grouping.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, readPage } from '../http/pages.ts';
import { idOf, textsOf } from '../http/parameters.ts';
import { missing, noRight } from '../http/refusal.ts';
import { wireTime } from '../http/wire-time.ts';
import { idNumber, type Json } from '../http/write-json.ts';
import { presentUser } from '../people/present-user.ts';
import { searchedFor, searchTerm } from '../people/search.ts';
import { usersInOrder } from '../people/users-in-order.ts';
import type { School } from '../school-parts.ts';
import { byName, compareIds, compareNames, inOrderOf } from '../sorting.ts';
import type { GroupRow, UserRow } from '../tables.ts';
import { courseFor, type NamedCourse } from './course-access.ts';
import { findCourse } from './find-course.ts';

/** `GET /courses/:course_id/groups` and `GET /groups/:group_id/users` (contract §5.5). */
export function groupEndpoints(school: School): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/courses/:course_id/groups',
      handle: (call) => listGroups(school, call),
    },
    {
      method: 'GET',
      path: '/api/v1/groups/:group_id/users',
      handle: (call) => listMembers(school, call),
    },
  ];
}

/** By group set, then by name. */
async function listGroups(school: School, call: Call): Promise<Response> {
  const course = await courseFor(school, call, 'read_roster');
  const page = readPage(call.parameters);
  // Groups that are no collaborative ones, differentiation tags, do not exist here.
  if (call.parameters['collaboration_state'] === 'non_collaborative') {
    return call.answerPage([], page, countedEnd(page, 0));
  }
  const names = await school.db
    .selectFrom('groups')
    .innerJoin('groupCategories', 'groupCategories.id', 'groups.categoryId')
    .select(['groups.id', 'groups.name', 'groupCategories.name as categoryName'])
    .where('groups.courseId', '=', course.id)
    .$if(call.parameters['only_own_groups'] === 'true', (query) =>
      query.where('groups.id', 'in', (eb) =>
        eb.selectFrom('groupMemberships').select('groupId').where('userId', '=', call.caller.user.id),
      ),
    )
    .execute();
  const found = names.sort((a, b) => compareNames(a.categoryName, b.categoryName) || byName(a, b));
  const onPage = found.slice(page.offset, page.offset + page.size);
  const shown = inOrderOf(onPage, await groupsWithCounts(school, onPage));
  const members = textsOf(call.parameters['include']).includes('users')
    ? groupBy(await membersOf(school, shown), ({ groupId }) => groupId)
    : undefined;
  const body = shown.map((group): Json => ({
    ...presentGroup(group, group.members ?? 0, course),
    users:
      members &&
      sortPeople(members.get(group.id) ?? [])
        .slice(0, MOST_USERS)
        .map(presentUser),
  }));
  return call.answerPage(body, page, countedEnd(page, found.length));
}

function groupsWithCounts({ db }: School, groups: readonly { readonly id: string }[]) {
  return db
    .selectFrom('groups')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('groupMemberships')
        .whereRef('groupMemberships.groupId', '=', 'groups.id')
        .select((members) => members.fn.countAll<number>().as('members'))
        .as('members'),
    )
    .where('id', 'in', idsFrom(db, JSON.stringify(groups.map(({ id }) => id))))
    .execute();
}

function presentGroup(group: GroupRow, members: number, course: NamedCourse) {
  return {
    id: idNumber(group.id),
    name: group.name,
    created_at: wireTime(group.createdAt),
    max_membership: null,
    is_public: false,
    join_level: 'invitation_only',
    group_category_id: idNumber(group.categoryId),
    description: null,
    members_count: members,
    storage_quota_mb: 50,
    context_type: 'Course',
    course_id: idNumber(group.courseId),
    context_name: course.name,
    avatar_url: null,
    role: null,
    leader: null,
    is_full: false,
    has_submission: false,
    concluded: course.workflowState === 'completed',
    non_collaborative: false,
  };
}

async function listMembers(school: School, call: Call): Promise<Response> {
  const id = idOf(call.path('group_id'));
  if (id === undefined) throw missing();
  const group = await school.db
    .selectFrom('groups')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow(missing);
  const course = await findCourse(school.db, group.courseId);
  const rights = await rightsIn(school, call.caller.user, course);
  if (!rights.has('read_roster')) throw noRight(school.revision);
  const page = readPage(call.parameters);
  const term = searchTerm(call.parameters['search_term']);
  const names = await school.db
    .selectFrom('groupMemberships')
    .innerJoin('users', 'users.id', 'groupMemberships.userId')
    .select(['users.id', 'users.sortableName as name'])
    .where('groupMemberships.groupId', '=', group.id)
    .where('users.isDeleted', '=', 0)
    .$if(term !== undefined, (query) => query.where((eb) => searchedFor(eb.ref('users.searchText'), term)))
    .$if(call.parameters['exclude_inactive'] === 'true', (query) =>
      query.where((eb) => eb.not(eb('users.id', 'in', notTakingPart(school, course)))),
    )
    .execute();
  const found = names.sort(byName);
  const withAvatar = textsOf(call.parameters['include']).includes('avatar_url');
  const onPage = found.slice(page.offset, page.offset + page.size);
  const body = (await usersInOrder(school.db, onPage)).map((user): Json => ({
    ...presentUser(user),
    avatar_url: withAvatar ? (user.avatarUrl ?? undefined) : undefined,
  }));
  return call.answerPage(body, page, countedEnd(page, found.length));
}

/** Canvas names no more of a group (contract §5.5). */
const MOST_USERS = 1000;

function membersOf(school: School, groups: readonly { readonly id: string }[]) {
  if (groups.length === 0) return Promise.resolve([]);
  return school.db
    .selectFrom('groupMemberships')
    .innerJoin('users', 'users.id', 'groupMemberships.userId')
    .selectAll('users')
    .select('groupMemberships.groupId')
    .where(
      'groupMemberships.groupId',
      'in',
      groups.map(({ id }) => id),
    )
    .where('users.isDeleted', '=', 0)
    .execute();
}

/** The ids of those of whom every place in the course is switched off, over or refused. */
function notTakingPart({ db }: School, course: NamedCourse) {
  return db
    .selectFrom('enrollments')
    .select('userId')
    .where('courseId', '=', course.id)
    .groupBy('userId')
    .having(
      (eb) => eb.fn.countAll<number>().filterWhere('state', 'in', ['active', 'invited', 'creation_pending']),
      '=',
      0,
    );
}

function sortPeople<P extends Pick<UserRow, 'id' | 'sortableName'>>(people: readonly P[]): P[] {
  return [...people].sort((a, b) => compareNames(a.sortableName, b.sortableName) || compareIds(a.id, b.id));
}
