import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, type Page, pageMeta, readPage } from '../http/pages.ts';
import { textsOf } from '../http/parameters.ts';
import { wireTime } from '../http/wire-time.ts';
import { idNumber, type Json } from '../http/write-json.ts';
import { presentFullOutcome } from '../outcomes/present-outcome.ts';
import { presentUser } from '../people/present-user.ts';
import type { School } from '../school-parts.ts';
import type { OutcomeScoreRow } from '../tables.ts';
import { readSelection, type Selection } from './selection.ts';

/** `GET /courses/:course_id/outcome_results` (contract §5.7): what became of the marks. */
export function outcomeResultEndpoints(school: School): Endpoint[] {
  const path = '/api/v1/courses/:course_id/outcome_results';
  return [{ method: 'GET', path, handle: (call) => listOutcomeResults(school, call) }];
}

async function listOutcomeResults(school: School, call: Call): Promise<Response> {
  const selection = await readSelection(school, call);
  const page = readPage(call.parameters);
  const count = await countScores(school, selection);
  const onPage = count === 0 ? [] : await pageOfScores(school, selection, page);
  const include = textsOf(call.parameters['include']);
  const end = countedEnd(page, count);
  const body = {
    outcome_results: onPage.map(presentScore),
    linked: include.length === 0 ? undefined : await presentLinked(school, selection, onPage, include),
    meta: pageMeta(call.url, page, end),
  };
  return call.answerPage(body, page, end);
}

/** All scores of a selection, by id. */
export async function scoresOf(school: School, selection: Selection): Promise<Score[]> {
  if (isEmpty(selection)) return [];
  return scoresIn(school, selection).selectAll('outcomeScores').orderBy('outcomeScores.id').execute();
}

async function countScores(school: School, selection: Selection): Promise<number> {
  if (isEmpty(selection)) return 0;
  const { count } = await scoresIn(school, selection)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

function pageOfScores(school: School, selection: Selection, { size, offset }: Page): Promise<Score[]> {
  return scoresIn(school, selection)
    .selectAll('outcomeScores')
    .orderBy('outcomeScores.id')
    .limit(size)
    .offset(offset)
    .execute();
}

function isEmpty({ users, outcomes }: Selection): boolean {
  return users.length === 0 || outcomes.length === 0;
}

function scoresIn(school: School, { course, users, outcomes }: Selection) {
  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
  return school.db
    .selectFrom('outcomeScores')
    .innerJoin('liveAssessments', 'liveAssessments.id', 'outcomeScores.assessmentId')
    .where('liveAssessments.courseId', '=', course.id)
    .where('outcomeScores.userId', 'in', ids(users))
    .where('outcomeScores.outcomeId', 'in', ids(outcomes));
}

/** Those of the students who have a score. */
export async function scoredAmong(school: School, selection: Selection): Promise<ReadonlySet<string>> {
  if (isEmpty(selection)) return new Set();
  const rows = await scoresIn(school, selection).select('outcomeScores.userId').distinct().execute();
  return new Set(rows.map(({ userId }) => userId));
}

export type Score = Omit<OutcomeScoreRow, 'id'> & { readonly id: string };

function alignmentName(assessmentId: string): string {
  return `live_assessments/assessment_${assessmentId}`;
}

function presentScore(score: Score): Json {
  return {
    id: idNumber(score.id),
    mastery: score.mastery === null ? null : score.mastery === 1,
    score: score.score,
    possible: score.possible,
    percent: score.percent,
    hide_points: false,
    hidden: false,
    submitted_or_assessed_at: wireTime(score.assessedAt),
    links: {
      user: score.userId,
      learning_outcome: score.outcomeId,
      assignment: null,
      alignment: alignmentName(score.assessmentId),
    },
  };
}

async function presentLinked(
  school: School,
  selection: Selection,
  scores: readonly Score[],
  include: readonly string[],
): Promise<Json> {
  const outcomes = new Set(scores.map(({ outcomeId }) => outcomeId));
  const users = new Set(scores.map(({ userId }) => userId));
  return {
    outcomes: include.includes('outcomes')
      ? selection.outcomes.filter(({ id }) => outcomes.has(id)).map((one) => presentFullOutcome(one, true))
      : undefined,
    users: include.includes('users')
      ? selection.users.filter(({ id }) => users.has(id)).map(presentUser)
      : undefined,
    alignments: include.includes('alignments') ? await presentAlignments(school, scores) : undefined,
  };
}

async function presentAlignments(school: School, scores: readonly Score[]): Promise<Json> {
  const ids = [...new Set(scores.map(({ assessmentId }) => assessmentId))];
  if (ids.length === 0) return [];
  const rows = await school.db
    .selectFrom('liveAssessments')
    .select(['id', 'title'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute();
  return rows.map(({ id, title }) => ({ id: alignmentName(id), name: title, html_url: '' }));
}
