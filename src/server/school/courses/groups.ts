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
import { searchTerm } from '../people/search.ts';
import type { School } from '../school-parts.ts';
import { compareIds, compareNames } from '../sorting.ts';
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
  const groups = await school.db
    .selectFrom('groups')
    .innerJoin('groupCategories', 'groupCategories.id', 'groups.categoryId')
    .selectAll('groups')
    .select([
      'groupCategories.name as categoryName',
      (eb) =>
        eb
          .selectFrom('groupMemberships')
          .whereRef('groupMemberships.groupId', '=', 'groups.id')
          .select((members) => members.fn.countAll<number>().as('members'))
          .as('members'),
    ])
    .where('groups.courseId', '=', course.id)
    .execute();
  const own = call.parameters['only_own_groups'] === 'true' ? await groupsOfCaller(school, call) : undefined;
  const found = groups
    .filter(({ id }) => own?.has(id) ?? true)
    .sort(
      (a, b) =>
        compareNames(a.categoryName, b.categoryName) ||
        compareNames(a.name, b.name) ||
        compareIds(a.id, b.id),
    );
  const shown = found.slice(page.offset, page.offset + page.size);
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

async function groupsOfCaller(school: School, call: Call): Promise<ReadonlySet<string>> {
  const rows = await school.db
    .selectFrom('groupMemberships')
    .select('groupId')
    .where('userId', '=', call.caller.user.id)
    .execute();
  return new Set(rows.map((row) => row.groupId));
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
  const members = await membersOf(school, [group]);
  const away =
    call.parameters['exclude_inactive'] === 'true' ? await notTakingPart(school, course) : undefined;
  const found = sortPeople(
    members
      .filter(({ searchText }) => term === undefined || searchText.includes(term))
      .filter(({ id: userId }) => away?.has(userId) !== true),
  );
  const withAvatar = textsOf(call.parameters['include']).includes('avatar_url');
  const body = found.slice(page.offset, page.offset + page.size).map((user): Json => ({
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

/** Those of whom every place in the course is switched off, over or refused. */
async function notTakingPart(school: School, course: NamedCourse): Promise<ReadonlySet<string>> {
  const rows = await school.db
    .selectFrom('enrollments')
    .select(['userId', 'state'])
    .where('courseId', '=', course.id)
    .execute();
  const away = new Set(rows.map(({ userId }) => userId));
  for (const { userId, state } of rows) {
    if (state === 'active' || state === 'invited' || state === 'creation_pending') away.delete(userId);
  }
  return away;
}

function sortPeople<P extends Pick<UserRow, 'id' | 'sortableName'>>(people: readonly P[]): P[] {
  return [...people].sort((a, b) => compareNames(a.sortableName, b.sortableName) || compareIds(a.id, b.id));
}
