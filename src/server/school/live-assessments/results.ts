import type { Insertable, Transaction } from 'kysely';

import { chunksOf } from '../chunks.ts';
import { type CourseAccess, accessTo, requireRight } from '../courses/course-access.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, pageMeta, readPage } from '../http/pages.ts';
import { idOf } from '../http/parameters.ts';
import { failure, missing, rejected } from '../http/refusal.ts';
import { wireTime } from '../http/wire-time.ts';
import type { Json } from '../http/write-json.ts';
import type { Revision } from '../options.ts';
import type { School } from '../school-parts.ts';
import type { CourseRow, EnrollmentState, LiveResultRow, SchoolTables } from '../tables.ts';
import { groupByStudent, readResult, type StudentResults } from './read-results.ts';

/** `POST` and `GET /courses/:course_id/live_assessments/:assessment_id/results` (contract §1). */
export function resultEndpoints(school: School): Endpoint[] {
  const path = '/api/v1/courses/:course_id/live_assessments/:assessment_id/results';
  return [
    { method: 'POST', path, handle: (call) => createResults(school, call) },
    { method: 'GET', path, handle: (call) => listResults(school, call) },
  ];
}

/** Revision B takes no more at once, and fails with a 500 on one more (contract §1.5). */
const MAX_RESULTS = 10_000;
/** Rows in one statement and ids in one question: below every database's limit on parameters. */
const ROWS_AT_ONCE = 1000;

type NewRow = Insertable<LiveResultRow>;

/**
 * Stores every result, or none. There is no key that would tell a repeated request from a new one: what
 * arrives twice is stored twice (contract §1.6).
 */
async function createResults(school: School, call: Call): Promise<Response> {
  const access = await accessTo(school, call);
  const assessmentId = await assessmentIn(school, call, access);
  requireRight(school, access, 'manage_assignments_edit');
  const elements: unknown = call.parameters['results'];
  if (!Array.isArray(elements)) throw rejected('missing required key :results');
  if (school.revision === 'B' && elements.length > MAX_RESULTS) throw failure();
  const groups = groupByStudent(elements);
  const timeZone = call.caller.user.timeZone ?? school.timeZone;
  const common = { assessmentId, assessorId: call.caller.user.id, createdAt: school.clock.wallMs() };
  const stored = await school.db.transaction().execute(async (trx) => {
    const members = await membersAmong(trx, access.course, idsOfGroups(groups), school.revision);
    const rows: NewRow[] = [];
    for (const { user, elements: ofStudent } of groups) {
      if (user === undefined) throw rejected('missing required key :user');
      const userId = idOf(user);
      if (userId === undefined || !members.has(userId)) throw rejected('user must be in the context');
      for (const one of ofStudent)
        rows.push({ ...common, userId, ...readResult(one, timeZone, school.revision) });
    }
    const inserted = await insertInOrder(trx, rows);
    const [first, last] = [inserted[0], inserted.at(-1)];
    if (first === undefined || last === undefined) return inserted;
    await school.scoring.note(trx, { assessmentId, firstResultId: first.id, lastResultId: last.id });
    return inserted;
  });
  school.scoring.wake();
  return call.answer({ results: stored.map(presentResult) });
}

/** The assessment in the path. @throws Refusal 404 when there is none, 400 when it is another course's */
async function assessmentIn(school: School, call: Call, { course }: CourseAccess): Promise<string> {
  const id = idOf(call.path('assessment_id'));
  if (id === undefined) throw missing();
  const row = await school.db
    .selectFrom('liveAssessments')
    .select(['id', 'courseId'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow(missing);
  if (row.courseId !== course.id) throw rejected('assessment does not belong to the given context');
  return row.id;
}

function idsOfGroups(groups: readonly StudentResults[]): string[] {
  return [...new Set(groups.map(({ user }) => idOf(user)).filter((id) => id !== undefined))];
}

/** States in which somebody is no longer, or never was, in the course (contract §1.5). */
const outside: Readonly<Record<Revision, readonly EnrollmentState[]>> = {
  A: ['rejected', 'deleted'],
  B: ['rejected', 'deleted', 'completed', 'inactive'],
};

/** Those of the users who are in the course, in whatever role. */
async function membersAmong(
  trx: Transaction<SchoolTables>,
  course: CourseRow,
  ids: readonly string[],
  revision: Revision,
): Promise<ReadonlySet<string>> {
  const members = new Set<string>();
  for (const some of chunksOf(ids, ROWS_AT_ONCE)) {
    const rows = await trx
      .selectFrom('enrollments')
      .innerJoin('users', 'users.id', 'enrollments.userId')
      .select('enrollments.userId')
      .where('enrollments.courseId', '=', course.id)
      .where('enrollments.userId', 'in', some)
      .where('enrollments.state', 'not in', outside[revision])
      .where('users.isDeleted', '=', 0)
      .execute();
    for (const row of rows) members.add(row.userId);
  }
  return members;
}

async function insertInOrder(
  trx: Transaction<SchoolTables>,
  rows: readonly NewRow[],
): Promise<PresentableResult[]> {
  const stored: PresentableResult[] = [];
  for (const some of chunksOf(rows, ROWS_AT_ONCE)) {
    const dealt = await trx.insertInto('liveResults').values(some).returning('id').execute();
    // Ids are dealt in the order of the rows, but no database promises to return them in it.
    const ids = dealt.map((row) => BigInt(row.id)).sort((a, b) => (a < b ? -1 : 1));
    some.forEach((row, at) => stored.push({ ...row, id: String(ids[at]) }));
  }
  return stored;
}

async function listResults(school: School, call: Call): Promise<Response> {
  const access = await accessTo(school, call);
  const assessmentId = await assessmentIn(school, call, access);
  requireRight(school, access, 'view_all_grades');
  const page = readPage(call.parameters);
  const user: unknown = call.parameters['user_id'];
  let wanted = school.db.selectFrom('liveResults').where('assessmentId', '=', assessmentId);
  // What is no id is nobody's: Canvas numbers users from 1.
  if (user !== undefined) wanted = wanted.where('userId', '=', idOf(user) ?? '0');
  const { count } = await wanted
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const rows = await wanted.selectAll().orderBy('id').limit(page.size).offset(page.offset).execute();
  const end = countedEnd(page, count);
  return call.answerPage(
    { results: rows.map(presentResult), meta: pageMeta(call.url, page, end) },
    page,
    end,
  );
}

interface PresentableResult extends Omit<NewRow, 'id'> {
  readonly id: string;
}

/** Ids are strings here whatever the caller accepts (contract §1.1). */
function presentResult(row: PresentableResult): Json {
  return {
    id: row.id,
    passed: row.passed === 1,
    assessed_at: wireTime(row.assessedAt),
    links: { user: row.userId, assessor: row.assessorId, assessment: row.assessmentId },
  };
}
