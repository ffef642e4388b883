import type { Insertable, Transaction } from 'kysely';
import { assessmentScore, defaultScale, type Scale, thresholdOf } from '#domain/mastery.ts';
import { chunksOf } from '../chunks.ts';
import { groupBy } from '../grouping.ts';
import type { Revision } from '../options.ts';
import type { OutcomeRow, OutcomeScoreRow, SchoolTables } from '../tables.ts';

/** Students at once: with eight columns and a few outcomes still far below every limit on parameters. */
const STUDENTS_AT_ONCE = 200;

/** Some results of an assessment, from the first to the last. */
export interface ScoringJob {
  readonly id: string;
  readonly assessmentId: string;
}

/**
 * Computes what the gradebook holds of the students of these jobs, from all results ever stored for them in their
 * assessments (contract §6.1). An assessment without an outcome has no scores.
 */
export async function scoreJobs(
  trx: Transaction<SchoolTables>,
  jobs: readonly ScoringJob[],
  revision: Revision,
): Promise<void> {
  const aligned = groupBy(await alignmentsOf(trx, jobs), ({ assessmentId }) => assessmentId);
  const aligning = jobs.filter(({ assessmentId }) => aligned.has(assessmentId));
  if (aligning.length === 0) return;
  const students = groupBy(await studentsOf(trx, aligning), ({ assessmentId }) => assessmentId);
  for (const [assessmentId, outcomes] of aligned) {
    for (const some of chunksOf(students.get(assessmentId) ?? [], STUDENTS_AT_ONCE)) {
      const sums = await sumsOf(trx, assessmentId, some);
      await saveScores(
        trx,
        sums.flatMap((sum) => outcomes.map((outcome) => scoreRow(sum, outcome, revision))),
      );
    }
  }
}

type AlignedOutcome = OutcomeRow & {
  readonly assessmentId: string;
  readonly assessmentTitle: string;
  readonly threshold: number | null;
};

function alignmentsOf(
  trx: Transaction<SchoolTables>,
  jobs: readonly ScoringJob[],
): Promise<AlignedOutcome[]> {
  const ids = [...new Set(jobs.map(({ assessmentId }) => assessmentId))];
  return trx
    .selectFrom('liveAlignments')
    .innerJoin('outcomes', 'outcomes.id', 'liveAlignments.outcomeId')
    .innerJoin('liveAssessments', 'liveAssessments.id', 'liveAlignments.assessmentId')
    .selectAll('outcomes')
    .select(['liveAlignments.assessmentId', 'liveAlignments.threshold'])
    .select('liveAssessments.title as assessmentTitle')
    .where('liveAlignments.assessmentId', 'in', ids)
    .execute();
}

function studentsOf(trx: Transaction<SchoolTables>, jobs: readonly ScoringJob[]) {
  const ids = jobs.map(({ id }) => id);
  return trx
    .selectFrom('scoringJobs')
    .innerJoin('liveResults', (join) =>
      join
        .onRef('liveResults.assessmentId', '=', 'scoringJobs.assessmentId')
        .onRef('liveResults.id', '>=', 'scoringJobs.firstResultId')
        .onRef('liveResults.id', '<=', 'scoringJobs.lastResultId'),
    )
    .select(['liveResults.assessmentId', 'liveResults.userId'])
    .distinct()
    .where('scoringJobs.id', 'in', ids)
    .execute();
}

interface Sum {
  readonly userId: string;
  readonly name: string;
  readonly passes: number;
  readonly count: number;
  readonly assessedAt: number;
}

async function sumsOf(
  trx: Transaction<SchoolTables>,
  assessmentId: string,
  students: readonly { readonly userId: string }[],
): Promise<Sum[]> {
  const rows = await trx
    .selectFrom('liveResults')
    .innerJoin('users', 'users.id', 'liveResults.userId')
    .select((eb) => [
      'liveResults.userId',
      'users.name',
      eb.fn.sum<number | string>('liveResults.passed').as('passes'),
      eb.fn.countAll<number>().as('count'),
      eb.fn.max('liveResults.assessedAt').as('assessedAt'),
    ])
    .where('liveResults.assessmentId', '=', assessmentId)
    .where(
      'liveResults.userId',
      'in',
      students.map(({ userId }) => userId),
    )
    .groupBy(['liveResults.userId', 'users.name'])
    .orderBy('liveResults.userId')
    .execute();
  return rows.map((row) => ({ ...row, passes: Number(row.passes) }));
}

function scoreRow(sum: Sum, outcome: AlignedOutcome, revision: Revision): Insertable<OutcomeScoreRow> {
  const scale = scaleOf(outcome, revision);
  const result = assessmentScore(sum, scale, outcome.threshold, thresholdOf(scale));
  if (result === null) throw new Error('a student of a batch has no results');
  return {
    assessmentId: outcome.assessmentId,
    outcomeId: outcome.id,
    userId: sum.userId,
    title: `${sum.name}, ${outcome.assessmentTitle}`,
    score: result.score,
    possible: result.possible,
    percent: result.percent,
    mastery: result.mastery === null ? null : result.mastery ? 1 : 0,
    assessedAt: sum.assessedAt,
  };
}

/** An outcome's own scale; without one, Canvas's, or in revision A none (contract §1.9). */
export function scaleOf(outcome: OutcomeRow, revision: Revision): Scale | null {
  const { pointsPossible, masteryPoints } = outcome;
  if (pointsPossible !== null && masteryPoints !== null) return { pointsPossible, masteryPoints };
  return revision === 'A' ? null : defaultScale;
}

async function saveScores(
  trx: Transaction<SchoolTables>,
  rows: readonly Insertable<OutcomeScoreRow>[],
): Promise<void> {
  await trx
    .insertInto('outcomeScores')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['assessmentId', 'outcomeId', 'userId']).doUpdateSet((eb) => ({
        title: eb.ref('excluded.title'),
        score: eb.ref('excluded.score'),
        possible: eb.ref('excluded.possible'),
        percent: eb.ref('excluded.percent'),
        mastery: eb.ref('excluded.mastery'),
        assessedAt: eb.ref('excluded.assessedAt'),
      })),
    )
    .execute();
}
