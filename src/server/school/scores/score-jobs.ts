import { type Kysely, sql, type Transaction } from 'kysely';
import { assessmentScore, defaultScale, type Scale, thresholdOf } from '#domain/mastery.ts';
import { idsFrom, prepareInsert } from '../../database/json-rows.ts';
import { prepare } from '../../database/prepare.ts';
import { groupBy } from '../grouping.ts';
import type { Revision } from '../options.ts';
import type { OutcomeRow, SchoolTables } from '../tables.ts';

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
  const rows = (await sumsOf(trx, aligning)).flatMap((sum) =>
    (aligned.get(sum.assessmentId) ?? []).map((outcome) => scoreRow(sum, outcome, revision)),
  );
  await saveScores(trx, rows);
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
  const ids = new Set(jobs.map(({ assessmentId }) => assessmentId));
  return alignmentsAmong(trx, { ids: JSON.stringify([...ids]) });
}

const alignmentsAmong = prepare((db: Kysely<SchoolTables>, { ids }: { readonly ids: string }) =>
  db
    .selectFrom('liveAlignments')
    .innerJoin('outcomes', 'outcomes.id', 'liveAlignments.outcomeId')
    .innerJoin('liveAssessments', 'liveAssessments.id', 'liveAlignments.assessmentId')
    .selectAll('outcomes')
    .select(['liveAlignments.assessmentId', 'liveAlignments.threshold'])
    .select('liveAssessments.title as assessmentTitle')
    .where('liveAlignments.assessmentId', 'in', idsFrom(db, ids)),
);

interface Sum {
  readonly assessmentId: string;
  readonly userId: string;
  readonly name: string;
  readonly passes: number;
  readonly count: number;
  readonly assessedAt: number;
}

/** Of each student of the jobs, over everything that is stored for them in the assessment. */
async function sumsOf(trx: Transaction<SchoolTables>, jobs: readonly ScoringJob[]): Promise<Sum[]> {
  const rows = await sumsAmong(trx, { ids: JSON.stringify(jobs.map(({ id }) => id)) });
  return rows.map((row) => ({ ...row, passes: Number(row.passes) }));
}

const sumsAmong = prepare((db: Kysely<SchoolTables>, { ids }: { readonly ids: string }) =>
  db
    .with('marked', (marked) =>
      marked
        .selectFrom('scoringJobs')
        .innerJoin('liveResults', (join) =>
          join
            .onRef('liveResults.assessmentId', '=', 'scoringJobs.assessmentId')
            .onRef('liveResults.id', '>=', 'scoringJobs.firstResultId')
            .onRef('liveResults.id', '<=', 'scoringJobs.lastResultId'),
        )
        .select(['liveResults.assessmentId', 'liveResults.userId'])
        .distinct()
        .where('scoringJobs.id', 'in', idsFrom(db, ids)),
    )
    .selectFrom('marked')
    .innerJoin('liveResults', (join) =>
      join
        .onRef('liveResults.assessmentId', '=', 'marked.assessmentId')
        .onRef('liveResults.userId', '=', 'marked.userId'),
    )
    .innerJoin('users', 'users.id', 'marked.userId')
    .select((eb) => [
      'marked.assessmentId',
      'marked.userId',
      'users.name',
      eb.fn.sum<number | string>('liveResults.passed').as('passes'),
      eb.fn.countAll<number>().as('count'),
      eb.fn.max('liveResults.assessedAt').as('assessedAt'),
    ])
    .groupBy(['marked.assessmentId', 'marked.userId', 'users.name']),
);

/** In the order of the columns. */
function scoreRow(sum: Sum, outcome: AlignedOutcome, revision: Revision): (string | number | null)[] {
  const scale = scaleOf(outcome, revision);
  const result = assessmentScore(sum, scale, outcome.threshold, thresholdOf(scale));
  if (result === null) throw new Error('a student of a batch has no results');
  return [
    ...[outcome.assessmentId, outcome.id, sum.userId, `${sum.name}, ${outcome.assessmentTitle}`],
    ...[result.score, result.possible, result.percent],
    ...[result.mastery === null ? null : Number(result.mastery), sum.assessedAt],
  ];
}

const saveScores = prepareInsert<SchoolTables>({
  table: 'outcome_scores',
  columns: {
    assessment_id: 'bigint',
    outcome_id: 'bigint',
    user_id: 'bigint',
    title: 'text',
    score: 'double precision',
    possible: 'double precision',
    percent: 'double precision',
    mastery: 'integer',
    assessed_at: 'bigint',
  },
  onConflict: sql`(assessment_id, outcome_id, user_id) do update set
    title = excluded.title, score = excluded.score, possible = excluded.possible,
    percent = excluded.percent, mastery = excluded.mastery, assessed_at = excluded.assessed_at`,
});

/** An outcome's own scale; without one, Canvas's, or in revision A none (contract §1.9). */
export function scaleOf(outcome: OutcomeRow, revision: Revision): Scale | null {
  const { pointsPossible, masteryPoints } = outcome;
  if (pointsPossible !== null && masteryPoints !== null) return { pointsPossible, masteryPoints };
  return revision === 'A' ? null : defaultScale;
}
