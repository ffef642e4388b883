import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, pageMeta, readPage } from '../http/pages.ts';
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
  const scores = await scoresOf(school, selection);
  const onPage = scores.slice(page.offset, page.offset + page.size);
  const include = textsOf(call.parameters['include']);
  const end = countedEnd(page, scores.length);
  const body = {
    outcome_results: onPage.map(presentScore),
    linked: include.length === 0 ? undefined : await presentLinked(school, selection, onPage, include),
    meta: pageMeta(call.url, page, end),
  };
  return call.answerPage(body, page, end);
}

/** All scores of a selection, by id. */
export async function scoresOf(school: School, { course, users, outcomes }: Selection): Promise<Score[]> {
  const rows = await school.db
    .selectFrom('outcomeScores')
    .innerJoin('liveAssessments', 'liveAssessments.id', 'outcomeScores.assessmentId')
    .selectAll('outcomeScores')
    .where('liveAssessments.courseId', '=', course.id)
    .orderBy('outcomeScores.id')
    .execute();
  const userIds = new Set(users.map(({ id }) => id));
  const outcomeIds = new Set(outcomes.map(({ id }) => id));
  return rows.filter((row) => userIds.has(row.userId) && outcomeIds.has(row.outcomeId));
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
