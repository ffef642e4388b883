import type { Transaction } from 'kysely';
import { defaultScale, thresholdOf } from '#domain/mastery.ts';
import { holdLock } from '../../database/locks.ts';
import { accessTo, courseFor, requireRight, type NamedCourse } from '../courses/course-access.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, pageMeta, readPage } from '../http/pages.ts';
import { idOf, isBlank, isObject, isStorable } from '../http/parameters.ts';
import { failure, type FieldError, invalid, rejected, unreadable } from '../http/refusal.ts';
import type { Json } from '../http/write-json.ts';
import type { Revision } from '../options.ts';
import type { School } from '../school-parts.ts';
import type { OutcomeRow, SchoolTables } from '../tables.ts';

/** `POST` and `GET /courses/:course_id/live_assessments` (contract §1). */
export function assessmentEndpoints(school: School): Endpoint[] {
  const path = '/api/v1/courses/:course_id/live_assessments';
  return [
    { method: 'POST', path, handle: (call) => createAssessments(school, call) },
    { method: 'GET', path, handle: (call) => listAssessments(school, call) },
  ];
}

interface AssessmentRow {
  readonly id: string;
  readonly key: string;
  readonly title: string;
}

/** One element of the request, not yet judged. */
interface Wanted {
  readonly key: unknown;
  readonly title: unknown;
  /** Undefined when no outcome is to be aligned. */
  readonly outcome: unknown;
}

/** More in one request than any client sends; the limit Canvas has for results. */
const MAX_ASSESSMENTS = 10_000;
const MAX_CHARACTERS = 255;

/** Finds or creates each, in the order asked, all or none; the title of one that is found is overwritten. */
async function createAssessments(school: School, call: Call): Promise<Response> {
  const access = await accessTo(school, call);
  requireRight(school, access, 'manage_assignments_add');
  const elements: unknown = call.parameters['assessments'];
  if (!Array.isArray(elements)) throw rejected('missing required key :assessments');
  if (elements.length > MAX_ASSESSMENTS) throw failure();
  const wanted = elements.map(readWanted);
  if (wanted.some(({ outcome }) => outcome !== undefined)) requireRight(school, access, 'manage_outcomes');
  const assessments = await school.db.transaction().execute(async (trx) => {
    // Two requests with the same keys in another order would wait for each other.
    if (wanted.length > 1) await holdLock(trx, `assessments of course ${access.course.id}`);
    const rows: AssessmentRow[] = [];
    for (const one of wanted) rows.push(await findOrCreate(school, trx, access.course, one));
    return rows;
  });
  return call.answer({
    links: resultsLink(call, access.course),
    assessments: assessments.map(presentAssessment),
  });
}

function readWanted(element: unknown): Wanted {
  if (!isObject(element)) throw failure();
  const links = element['links'] ?? {};
  if (!isObject(links) && links !== false) throw failure();
  const outcome = links === false ? undefined : links['outcome'];
  return {
    key: element['key'],
    title: element['title'],
    outcome: outcome === null || outcome === false ? undefined : outcome,
  };
}

async function findOrCreate(
  school: School,
  trx: Transaction<SchoolTables>,
  course: NamedCourse,
  wanted: Wanted,
): Promise<AssessmentRow> {
  const outcome =
    wanted.outcome === undefined ? undefined : await linkedOutcome(trx, course, idOf(wanted.outcome));
  const title = readText(wanted.title, 'title');
  const key = readText(wanted.key, 'key');
  const errors = [...lengthErrors('title', title), ...lengthErrors('key', key)];
  if (errors.length > 0) throw invalid(errors);
  // One statement, so that two first requests for a key cannot race: both get the same row.
  const row = await trx
    .insertInto('liveAssessments')
    .values({ courseId: course.id, key, title, createdAt: school.clock.wallMs() })
    .onConflict((conflict) => conflict.columns(['courseId', 'key']).doUpdateSet({ title }))
    .returning(['id', 'key', 'title'])
    .executeTakeFirstOrThrow();
  if (outcome !== undefined) await align(trx, row.id, outcome, school.revision);
  return row;
}

/** @throws Refusal unless the outcome has a live link in this very course */
async function linkedOutcome(
  trx: Transaction<SchoolTables>,
  course: NamedCourse,
  id: string | undefined,
): Promise<OutcomeRow> {
  const refusal = () => rejected('outcome must be linked to the context');
  if (id === undefined) throw refusal();
  return trx
    .selectFrom('outcomes')
    .innerJoin('outcomeLinks', 'outcomeLinks.outcomeId', 'outcomes.id')
    .selectAll('outcomes')
    .where('outcomeLinks.courseId', '=', course.id)
    .where('outcomeLinks.isDeleted', '=', 0)
    .where('outcomes.id', '=', id)
    .where('outcomes.isDeleted', '=', 0)
    .executeTakeFirstOrThrow(refusal);
}

/** Numbers and flags become text as Rails casts them; what is blank, or no text at all, is missing. */
function readText(value: unknown, field: 'title' | 'key'): string {
  const text = value === true ? 't' : typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || isBlank(text)) throw rejected(`missing required key :${field}`);
  if (!isStorable(text)) throw unreadable(`The ${field} contains characters that cannot be stored.`);
  return text;
}

function lengthErrors(field: 'title' | 'key', text: string): FieldError[] {
  // A character outside the basic plane is one character, though two units of a JavaScript string.
  const tooLong = text.length > 2 * MAX_CHARACTERS || Array.from(text).length > MAX_CHARACTERS;
  const message = `is too long (maximum is ${String(MAX_CHARACTERS)} characters)`;
  return tooLong ? [{ field, message, error_code: 'too_long' }] : [];
}

/** Aligns, freezing the outcome's threshold as it is now; once more with the same outcome refreshes it (§6.1). */
async function align(
  trx: Transaction<SchoolTables>,
  assessmentId: string,
  outcome: OutcomeRow,
  revision: Revision,
): Promise<void> {
  const threshold = frozenThreshold(outcome, revision);
  await trx
    .insertInto('liveAlignments')
    .values({ assessmentId, outcomeId: outcome.id, threshold })
    .onConflict((conflict) => conflict.columns(['assessmentId', 'outcomeId']).doUpdateSet({ threshold }))
    .execute();
}

function frozenThreshold(outcome: OutcomeRow, revision: Revision): number | null {
  const { pointsPossible, masteryPoints } = outcome;
  if (pointsPossible !== null && masteryPoints !== null)
    return thresholdOf({ pointsPossible, masteryPoints });
  return revision === 'A' ? null : thresholdOf(defaultScale);
}

async function listAssessments(school: School, call: Call): Promise<Response> {
  const course = await courseFor(school, call, 'view_all_grades');
  const page = readPage(call.parameters);
  const ofCourse = school.db.selectFrom('liveAssessments').where('courseId', '=', course.id);
  const { count } = await ofCourse
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const rows = await ofCourse
    .select(['id', 'key', 'title'])
    .orderBy('id')
    .limit(page.size)
    .offset(page.offset)
    .execute();
  const end = countedEnd(page, count);
  const body = {
    links: resultsLink(call, course),
    assessments: rows.map(presentAssessment),
    meta: pageMeta(call.url, page, end),
  };
  return call.answerPage(body, page, end);
}

/** The template stays a template: `{assessments.id}` is for the client to fill in (contract §1.2). */
function resultsLink(call: Call, course: NamedCourse): Json {
  const path = `/api/v1/courses/${course.id}/live_assessments/{assessments.id}/results`;
  return { 'assessments.results': `${call.url.origin}${path}` };
}

/** Ids in these bodies are strings whatever the caller accepts. */
function presentAssessment({ id, key, title }: AssessmentRow): Json {
  return { id, key, title };
}
