import { rightsIn } from '../auth/rights.ts';
import { courseFor, type NamedCourse } from '../courses/course-access.ts';
import { findCourse } from '../courses/find-course.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, readPage } from '../http/pages.ts';
import { idOf } from '../http/parameters.ts';
import { missing, noRight } from '../http/refusal.ts';
import { idNumber, type Json } from '../http/write-json.ts';
import type { School } from '../school-parts.ts';
import type { OutcomeRow, SchoolTables } from '../tables.ts';
import { presentFullOutcome, presentOutcome } from './present-outcome.ts';

/** Outcome groups, outcome links and single outcomes (contract §5.6). */
export function outcomeEndpoints(school: School): Endpoint[] {
  const course = '/api/v1/courses/:course_id';
  return [
    { method: 'GET', path: `${course}/outcome_groups`, handle: (call) => listGroups(school, call) },
    { method: 'GET', path: `${course}/outcome_group_links`, handle: (call) => listLinks(school, call) },
    { method: 'GET', path: '/api/v1/outcomes/:id', handle: (call) => showOutcome(school, call) },
  ];
}

type OutcomeGroupRow = SchoolTables['outcomeGroups'];

async function listGroups(school: School, call: Call): Promise<Response> {
  const course = await courseFor(school, call, 'read');
  const page = readPage(call.parameters);
  const ofCourse = school.db.selectFrom('outcomeGroups').where('courseId', '=', course.id);
  const { count } = await ofCourse
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const onPage = await ofCourse.selectAll().orderBy('id').limit(page.size).offset(page.offset).execute();
  const parents = await groupsById(
    school,
    onPage.map(({ parentId }) => parentId),
  );
  const body = onPage.map((group) => presentGroup(group, course, parents, 'full'));
  return call.answerPage(body, page, countedEnd(page, count));
}

type GroupsById = ReadonlyMap<string | null, OutcomeGroupRow>;

/** @param ids null: no group */
async function groupsById(school: School, ids: readonly (string | null)[]): Promise<GroupsById> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const rows = await school.db.selectFrom('outcomeGroups').selectAll().where('id', 'in', wanted).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

type Style = 'full' | 'abbrev';

function presentGroup(group: OutcomeGroupRow, course: NamedCourse, parents: GroupsById, style: Style): Json {
  const url = `/api/v1/courses/${course.id}/outcome_groups/${group.id}`;
  const parent = parents.get(group.parentId);
  return {
    id: idNumber(group.id),
    title: group.title,
    vendor_guid: group.vendorGuid,
    url,
    subgroups_url: `${url}/subgroups`,
    outcomes_url: `${url}/outcomes`,
    can_edit: false,
    import_url: style === 'full' ? `${url}/import` : undefined,
    parent_outcome_group:
      parent && style === 'full' ? presentGroup(parent, course, new Map(), 'abbrev') : undefined,
    context_id: style === 'full' ? idNumber(course.id) : undefined,
    context_type: style === 'full' ? 'Course' : undefined,
    description: style === 'full' ? group.description : undefined,
  };
}

/** The outcomes that a live assessment of this course may be aligned with, by id of the link. */
async function listLinks(school: School, call: Call): Promise<Response> {
  const course = await courseFor(school, call, 'read');
  const page = readPage(call.parameters);
  const linked = linkedInto(school, course);
  const { count } = await linked
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const links = await linked
    .selectAll('outcomes')
    .select(['outcomeLinks.id as linkId', 'outcomeLinks.outcomeGroupId'])
    .orderBy('outcomeLinks.id')
    .limit(page.size)
    .offset(page.offset)
    .execute();
  const groups = await groupsById(
    school,
    links.map(({ outcomeGroupId }) => outcomeGroupId),
  );
  const parents = await groupsById(
    school,
    [...groups.values()].map(({ parentId }) => parentId),
  );
  const assessed = await assessedAmong(school, course, links);
  const outcomeStyle = readStyle(call, 'outcome_style');
  const addsDefaults = call.parameters['add_defaults'] === 'true';
  const groupStyle = readStyle(call, 'outcome_group_style');
  const body = links.map((link): Json => {
    const group = groups.get(link.outcomeGroupId);
    const isAssessed = assessed.has(link.id);
    return {
      url: `/api/v1/courses/${course.id}/outcome_groups/${link.outcomeGroupId}/outcomes/${link.id}`,
      context_id: idNumber(course.id),
      context_type: 'Course',
      outcome_group: group && presentGroup(group, course, parents, groupStyle),
      outcome:
        outcomeStyle === 'full' ? presentFullOutcome(link, isAssessed, addsDefaults) : presentOutcome(link),
      can_unlink: false,
      assessed: isAssessed,
    };
  });
  return call.answerPage(body, page, countedEnd(page, count));
}

function readStyle({ parameters }: Call, name: string): Style {
  return parameters[name] === 'full' ? 'full' : 'abbrev';
}

function linkedInto(school: School, course: NamedCourse) {
  return school.db
    .selectFrom('outcomeLinks')
    .innerJoin('outcomes', 'outcomes.id', 'outcomeLinks.outcomeId')
    .where('outcomeLinks.courseId', '=', course.id)
    .where('outcomeLinks.isDeleted', '=', 0)
    .where('outcomes.isDeleted', '=', 0);
}

/** Those of the outcomes of which somebody in the course has a result. */
async function assessedAmong(
  school: School,
  course: NamedCourse,
  outcomes: readonly { readonly id: string }[],
): Promise<ReadonlySet<string>> {
  if (outcomes.length === 0) return new Set();
  const rows = await school.db
    .selectFrom('liveAlignments')
    .innerJoin('liveAssessments', 'liveAssessments.id', 'liveAlignments.assessmentId')
    .select('liveAlignments.outcomeId')
    .distinct()
    .where('liveAssessments.courseId', '=', course.id)
    .where(
      'liveAlignments.outcomeId',
      'in',
      outcomes.map(({ id }) => id),
    )
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('liveResults')
          .select('liveResults.id')
          .whereRef('liveResults.assessmentId', '=', 'liveAssessments.id'),
      ),
    )
    .execute();
  return new Set(rows.map((row) => row.outcomeId));
}

/** One outcome, for whoever may read its course, or a course it is linked into. */
async function showOutcome(school: School, call: Call): Promise<Response> {
  const id = idOf(call.path('id'));
  if (id === undefined) throw missing();
  const outcome = await school.db
    .selectFrom('outcomes')
    .selectAll()
    .where('id', '=', id)
    .where('isDeleted', '=', 0)
    .executeTakeFirstOrThrow(missing);
  if (!(await mayRead(school, call, outcome))) throw noRight(school.revision);
  return call.answer(presentFullOutcome(outcome, false, call.parameters['add_defaults'] === 'true'));
}

async function mayRead(school: School, call: Call, outcome: OutcomeRow): Promise<boolean> {
  if (call.caller.user.isAdmin === 1) return true;
  const links = await school.db
    .selectFrom('outcomeLinks')
    .select('courseId')
    .distinct()
    .where('outcomeId', '=', outcome.id)
    .where('isDeleted', '=', 0)
    .execute();
  const courses = new Set(links.map((link) => link.courseId));
  if (outcome.courseId !== null) courses.add(outcome.courseId);
  for (const courseId of courses) {
    const course = await findCourse(school.db, courseId).catch(() => undefined);
    if (course === undefined) continue;
    if ((await rightsIn(school, call.caller.user, course)).has('read')) return true;
  }
  return false;
}
