import type { Kysely } from 'kysely';
import { prepare } from '../../database/prepare.ts';
import { type CourseAccess, accessTo, requireRight } from '../courses/course-access.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, pageMeta, readPage } from '../http/pages.ts';
import { idOf } from '../http/parameters.ts';
import { failure, missing, rejected } from '../http/refusal.ts';
import { wireTime } from '../http/wire-time.ts';
import { type Json, WrittenJson } from '../http/write-json.ts';
import type { School } from '../school-parts.ts';
import type { SchoolTables } from '../tables.ts';
import { groupByStudent, type StudentResults } from './read-results.ts';
import { belonging, type StoredResult } from './result-batch.ts';

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

/**
 * Stores every result, or none. There is no key that would tell a repeated request from a new one: what
 * arrives twice is stored twice (contract §1.6).
 */
async function createResults(school: School, call: Call): Promise<Response> {
  const access = await accessTo(school, call);
  const assessmentId = idOf(call.path('assessment_id'));
  if (assessmentId === undefined) throw missing();
  let groups: StudentResults[];
  try {
    groups = readGroups(school, call, access);
  } catch (refusal) {
    // That there is no such assessment comes before whatever else is wrong (contract §1.5).
    await assessmentIn(school, call, access);
    throw refusal;
  }
  const { user } = call.caller;
  const stored = await school.resultWriter.write({
    courseId: access.course.id,
    assessmentId,
    assessorId: user.id,
    groups,
    timeZone: user.timeZone ?? school.timeZone,
    createdAt: school.clock.wallMs(),
  });
  return call.answer({ results: stored.map(presentResult) });
}

/** What is to be stored, from somebody who may. @throws Refusal */
function readGroups(school: School, call: Call, access: CourseAccess): StudentResults[] {
  requireRight(school, access, 'manage_assignments_edit');
  const elements: unknown = call.parameters['results'];
  if (!Array.isArray(elements)) throw rejected('missing required key :results');
  if (school.revision === 'B' && elements.length > MAX_RESULTS) throw failure();
  return groupByStudent(elements);
}

const assessmentById = prepare((db: Kysely<SchoolTables>, { id }: { id: string }) =>
  db.selectFrom('liveAssessments').select(['id', 'courseId']).where('id', '=', id),
);

/** The assessment in the path. @throws Refusal 404 when there is none, 400 when it is another course's */
async function assessmentIn(school: School, call: Call, { course }: CourseAccess): Promise<string> {
  const id = idOf(call.path('assessment_id'));
  if (id === undefined) throw missing();
  const [row] = await assessmentById(school.db, { id });
  return belonging(row, course.id).id;
}

interface Wanted {
  readonly assessmentId: string;
  readonly userId: string;
}

interface WantedPage extends Wanted {
  readonly size: number;
  readonly offset: number;
}

const inAssessment = (db: Kysely<SchoolTables>, wanted: Wanted) =>
  db.selectFrom('liveResults').where('assessmentId', '=', wanted.assessmentId);
const ofStudent = (db: Kysely<SchoolTables>, wanted: Wanted) =>
  inAssessment(db, wanted).where('userId', '=', wanted.userId);

/** How many there are, and a page of them, in the whole assessment or of one student. */
function listOf(results: typeof inAssessment) {
  return {
    count: prepare((db: Kysely<SchoolTables>, wanted: Wanted) =>
      results(db, wanted).select((eb) => eb.fn.countAll<number>().as('count')),
    ),
    page: prepare((db: Kysely<SchoolTables>, wanted: WantedPage) =>
      results(db, wanted).selectAll().orderBy('id').limit(wanted.size).offset(wanted.offset),
    ),
  };
}

const [ofAll, ofOne] = [listOf(inAssessment), listOf(ofStudent)];

async function listResults(school: School, call: Call): Promise<Response> {
  const access = await accessTo(school, call);
  const assessmentId = await assessmentIn(school, call, access);
  requireRight(school, access, 'view_all_grades');
  const page = readPage(call.parameters);
  const user: unknown = call.parameters['user_id'];
  const list = user === undefined ? ofAll : ofOne;
  // What is no id is nobody's: Canvas numbers users from 1.
  const wanted = { assessmentId, userId: idOf(user) ?? '0' };
  const count = (await list.count(school.db, wanted))[0]?.count ?? 0;
  const rows = await list.page(school.db, { ...wanted, size: page.size, offset: page.offset });
  const end = countedEnd(page, count);
  return call.answerPage(
    { results: rows.map(presentResult), meta: pageMeta(call.url, page, end) },
    page,
    end,
  );
}

/** Ids are strings here whatever the caller accepts (contract §1.1). They are digits: nothing needs to be escaped. */
function presentResult({ id, passed, assessedAt, userId, assessorId, assessmentId }: StoredResult): Json {
  const links = `{"user":"${userId}","assessor":"${assessorId}","assessment":"${assessmentId}"}`;
  const isPass = passed === 1 ? 'true' : 'false';
  return new WrittenJson(
    `{"id":"${id}","passed":${isPass},"assessed_at":"${wireTime(assessedAt)}","links":${links}}`,
  );
}
