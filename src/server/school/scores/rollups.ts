import type { CalculationMethod } from '#domain/outcome.ts';
import { defaultScale, rollupScore } from '#domain/mastery.ts';
import { groupBy } from '../grouping.ts';
import type { NamedCourse } from '../courses/course-access.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, type Page, pageMeta, readPage } from '../http/pages.ts';
import { textsOf } from '../http/parameters.ts';
import { rejected } from '../http/refusal.ts';
import { wireTime } from '../http/wire-time.ts';
import type { Json } from '../http/write-json.ts';
import { presentFullOutcome } from '../outcomes/present-outcome.ts';
import { presentUser } from '../people/present-user.ts';
import type { School } from '../school-parts.ts';
import type { OutcomeRow, UserRow } from '../tables.ts';
import { type Score, scoredAmong, scoresOf } from './outcome-results.ts';
import { scaleOf } from './score-jobs.ts';
import { readRollupOrder, type RollupOrder, sortedByScore } from './rollup-order.ts';
import { readSelection, type Selection } from './selection.ts';

/** `GET /courses/:course_id/outcome_rollups` (contract §5.7): one number an outcome, by its own method (§6.2). */
export function rollupEndpoints(school: School): Endpoint[] {
  const path = '/api/v1/courses/:course_id/outcome_rollups';
  return [{ method: 'GET', path, handle: (call) => listRollups(school, call) }];
}

/** Paged by user; a user has a row a section, so rows may outnumber the page. */
async function listRollups(school: School, call: Call): Promise<Response> {
  const selection = await readSelection(school, call);
  const { course, outcomes } = selection;
  const page = readPage(call.parameters);
  const order = readRollupOrder(call.parameters);
  if (isAggregate(call)) {
    const rollUp = await rollUpsOf(school, selection);
    const rolled = selection.users.map(({ id }) => rollUp(id));
    return call.answer({ rollups: [aggregate(call, course, outcomes, rolled)] });
  }
  const leavesOutMissing = textsOf(call.parameters['exclude']).includes('missing_user_rollups');
  const scored = leavesOutMissing ? await scoredAmong(school, selection) : undefined;
  const listed = selection.users.filter(({ id }) => scored?.has(id) ?? true);
  const users = await inRollupOrder(school, { ...selection, users: listed }, order);
  const onPage = users.slice(page.offset, page.offset + page.size);
  const rollUp = await rollUpsOf(school, { ...selection, users: onPage });
  const sections = await sectionsOf(school, course, onPage);
  const rollups = onPage.flatMap(({ id }): Json[] =>
    (sections.get(id) ?? []).map(({ sectionId, state }) => ({
      scores: rollUp(id).map(presentRollup),
      links: { user: id, section: sectionId, status: state },
    })),
  );
  return answer(call, page, users.length, {
    rollups,
    linked: presentLinked(call, onPage, outcomes),
  });
}

/** @throws Refusal 400 for an aggregate, or a way to reckon it, that Canvas does not have */
function isAggregate({ parameters }: Call): boolean {
  const { aggregate: over, aggregate_stat: stat } = parameters;
  if (over !== undefined && over !== 'course') throw rejected('invalid aggregate parameter value');
  if (stat !== undefined && stat !== 'mean' && stat !== 'median')
    throw rejected('invalid aggregate_stat parameter value');
  return over === 'course';
}

/** The students of a selection as they are to be listed. */
async function inRollupOrder(
  school: School,
  selection: Selection,
  { outcomeId, isDescending }: RollupOrder,
): Promise<readonly UserRow[]> {
  const { users, outcomes } = selection;
  if (outcomeId === undefined) return isDescending ? [...users].reverse() : users;
  const sorting = outcomes.filter(({ id }) => id === outcomeId);
  const rollUp = await rollUpsOf(school, { ...selection, outcomes: sorting });
  return sortedByScore(users, (id) => rollUp(id)[0]?.score ?? null, isDescending);
}

/** What each of the students has, outcome by outcome. */
async function rollUpsOf(school: School, selection: Selection): Promise<(userId: string) => Rollup[]> {
  const scores = groupBy(await scoresOf(school, selection), ({ userId }) => userId);
  return (userId) =>
    selection.outcomes.flatMap((outcome) => rollUpOutcome(school, outcome, scores.get(userId) ?? []));
}

function answer(call: Call, page: Page, count: number, body: Readonly<Record<string, Json>>): Response {
  const end = countedEnd(page, count);
  return call.answerPage({ ...body, meta: pageMeta(call.url, page, end) }, page, end);
}

interface Rollup {
  readonly outcomeId: string;
  readonly score: number | null;
  readonly title: string;
  readonly assessedAt: number;
  readonly count: number;
}

function rollUpOutcome(school: School, outcome: OutcomeRow, scores: readonly Score[]): Rollup[] {
  const own = scores.filter(({ outcomeId }) => outcomeId === outcome.id);
  const newest = [...own].sort((a, b) => a.assessedAt - b.assessedAt).at(-1);
  if (newest === undefined) return [];
  const parts = own.map(({ percent, assessedAt }) => ({ percent, assessedAtMs: assessedAt }));
  const method = {
    calculationMethod: (outcome.calculationMethod ?? 'highest') as CalculationMethod,
    ...(outcome.calculationInt === null ? {} : { calculationInt: outcome.calculationInt }),
  };
  return [
    {
      outcomeId: outcome.id,
      score: rollupScore(parts, scaleOf(outcome, school.revision) ?? defaultScale, method),
      // The second piece, also where a name or a title has a comma of its own (contract §6.3).
      title: newest.title.split(', ')[1] ?? '',
      assessedAt: newest.assessedAt,
      count: own.length,
    },
  ];
}

function presentRollup({ outcomeId, score, title, assessedAt, count }: Rollup): Json {
  return {
    score,
    title,
    submitted_at: wireTime(assessedAt),
    count,
    hide_points: false,
    links: { outcome: outcomeId },
  };
}

/** The whole course in one row: mean or median of what its students have. */
function aggregate(
  call: Call,
  course: NamedCourse,
  outcomes: readonly OutcomeRow[],
  rolled: readonly (readonly Rollup[])[],
): Json {
  const combine = call.parameters['aggregate_stat'] === 'median' ? median : mean;
  const scores = outcomes.flatMap(({ id }): Json[] => {
    const values = rolled
      .flat()
      .filter(({ outcomeId }) => outcomeId === id)
      .flatMap(({ score }) => (score === null ? [] : [score]));
    if (values.length === 0) return [];
    const score = Math.round(combine(values) * 100) / 100;
    return [{ score, count: values.length, hide_points: false, links: { outcome: id } }];
  });
  return { scores, name: course.name, links: { course: course.id } };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return mean(middle);
}

async function sectionsOf(school: School, course: NamedCourse, users: readonly UserRow[]) {
  if (users.length === 0) return new Map<string, { sectionId: string; state: string }[]>();
  const rows = await school.db
    .selectFrom('enrollments')
    .select(['userId', 'sectionId', 'state'])
    .where('courseId', '=', course.id)
    .where('type', '=', 'StudentEnrollment')
    .where('state', 'in', ['active', 'invited', 'creation_pending', 'completed'])
    .where(
      'userId',
      'in',
      users.map(({ id }) => id),
    )
    .orderBy('id')
    .execute();
  return groupBy(rows, ({ userId }) => userId);
}

function presentLinked(call: Call, users: readonly UserRow[], outcomes: readonly OutcomeRow[]): Json {
  const include = textsOf(call.parameters['include']);
  if (include.length === 0) return undefined;
  return {
    outcomes: include.includes('outcomes') ? outcomes.map((one) => presentFullOutcome(one, true)) : undefined,
    users: include.includes('users') ? users.map(presentUser) : undefined,
  };
}
