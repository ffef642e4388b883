import type { Insertable, Transaction } from 'kysely';
import { assessmentScore, defaultScale, type Scale, thresholdOf } from '#domain/mastery.ts';
import { chunksOf } from '../chunks.ts';
import type { Revision } from '../options.ts';
import type { OutcomeRow, OutcomeScoreRow, SchoolTables } from '../tables.ts';

/** Students at once: with eight columns and a few outcomes still far below every limit on parameters. */
const STUDENTS_AT_ONCE = 200;

export interface Batch {
  readonly assessmentId: string;
  readonly firstResultId: string;
  readonly lastResultId: string;
}

/**
 * Computes what the gradebook holds of the students of a batch, from all results ever stored for them in its
 * assessment (contract §6.1). An assessment without an outcome has no scores.
 */
export async function scoreBatch(
  trx: Transaction<SchoolTables>,
  batch: Batch,
  revision: Revision,
): Promise<void> {
  // Takes the row's lock, so that no other instance writes older sums over newer ones.
  const assessment = await trx
    .updateTable('liveAssessments')
    .set((eb) => ({ title: eb.ref('title') }))
    .where('id', '=', batch.assessmentId)
    .returning(['id', 'title'])
    .executeTakeFirstOrThrow();
  const alignments = await trx
    .selectFrom('liveAlignments')
    .innerJoin('outcomes', 'outcomes.id', 'liveAlignments.outcomeId')
    .selectAll('outcomes')
    .select('liveAlignments.threshold')
    .where('liveAlignments.assessmentId', '=', batch.assessmentId)
    .execute();
  if (alignments.length === 0) return;
  for (const students of chunksOf(await studentsOf(trx, batch), STUDENTS_AT_ONCE)) {
    const sums = await sumsOf(trx, batch.assessmentId, students);
    const rows = sums.flatMap((sum) =>
      alignments.map((outcome) => scoreRow(sum, outcome, assessment, revision)),
    );
    await saveScores(trx, rows);
  }
}

async function studentsOf(trx: Transaction<SchoolTables>, batch: Batch): Promise<string[]> {
  const rows = await trx
    .selectFrom('liveResults')
    .select('userId')
    .distinct()
    .where('assessmentId', '=', batch.assessmentId)
    .where('id', '>=', batch.firstResultId)
    .where('id', '<=', batch.lastResultId)
    .execute();
  return rows.map((row) => row.userId);
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
  students: readonly string[],
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
    .where('liveResults.userId', 'in', students)
    .groupBy(['liveResults.userId', 'users.name'])
    .orderBy('liveResults.userId')
    .execute();
  return rows.map((row) => ({ ...row, passes: Number(row.passes) }));
}

function scoreRow(
  sum: Sum,
  outcome: OutcomeRow & { readonly threshold: number | null },
  assessment: { readonly id: string; readonly title: string },
  revision: Revision,
): Insertable<OutcomeScoreRow> {
  const scale = scaleOf(outcome, revision);
  const result = assessmentScore(sum, scale, outcome.threshold, thresholdOf(scale));
  if (result === null) throw new Error('a student of a batch has no results');
  return {
    assessmentId: assessment.id,
    outcomeId: outcome.id,
    userId: sum.userId,
    title: `${sum.name}, ${assessment.title}`,
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
