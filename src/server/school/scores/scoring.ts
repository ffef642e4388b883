import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import { insertOf } from '../../database/json-rows.ts';
import { holdLock } from '../../database/locks.ts';
import type { Revision } from '../options.ts';
import type { SchoolTables } from '../tables.ts';
import { scoreJobs } from './score-jobs.ts';

/** Computes scores after the answer, as Canvas's background jobs do (contract §6). */
export interface Scoring {
  /** Notes stored results in the transaction that stores them, so that no crash can lose their scores. */
  readonly note: (trx: Transaction<SchoolTables>, results: readonly NotedResult[]) => Promise<void>;
  /** Begins on what is noted, unless it is at it already. */
  readonly wake: () => void;
  /** Resolves when nothing is noted any more, or the work has failed. */
  readonly idle: () => Promise<void>;
}

interface NotedResult {
  readonly id: string;
  readonly assessmentId: string;
}

/** Assessments in one transaction, which requests have to wait for. */
const ASSESSMENTS_AT_ONCE = 20;
/** What has piled up for them is scored at once, up to this. */
const JOBS_AT_ONCE = 500;
/** What is noted meanwhile is scored together: every student once, with one commit. */
const REST_MS = 25;

export function createScoring(options: {
  readonly db: Kysely<SchoolTables>;
  readonly clock: Clock;
  readonly revision: Revision;
  readonly onUnexpected: (error: unknown) => void;
}): Scoring {
  const { db, clock, revision, onUnexpected } = options;
  let working: Promise<void> | undefined;
  /** Set by a wake that came while working. */
  let isAskedAgain = false;
  let rest = Promise.resolve();

  async function work(): Promise<void> {
    let isMore = true;
    while (isMore) {
      await rest;
      isAskedAgain = false;
      const beganMs = clock.monotonicMs();
      try {
        isMore = await scoreSome();
      } finally {
        // Requests come first: this takes no more than a part of the time.
        const restMs = Math.max(REST_MS, 3 * (clock.monotonicMs() - beganMs));
        rest = new Promise((resolve) => setTimeout(resolve, restMs));
      }
    }
  }

  /** @returns whether there may be more */
  function scoreSome(): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      // No other instance may write older sums over newer ones.
      await holdLock(trx, 'scores');
      const jobs = await trx
        .selectFrom('scoringJobs')
        .select(['id', 'assessmentId'])
        .where('assessmentId', 'in', oldest(trx))
        .orderBy('id')
        .limit(JOBS_AT_ONCE)
        .execute();
      if (jobs.length === 0) return false;
      await scoreJobs(trx, jobs, revision);
      const ids = jobs.map(({ id }) => id);
      await trx.deleteFrom('scoringJobs').where('id', 'in', ids).execute();
      const assessments = new Set(jobs.map(({ assessmentId }) => assessmentId));
      return assessments.size === ASSESSMENTS_AT_ONCE || jobs.length === JOBS_AT_ONCE;
    });
  }

  const scoring: Scoring = {
    async note(trx, results) {
      const jobs = jobsOf(results);
      if (jobs.length > 0) await insertOf(trx, { table: 'scoring_jobs', columns, rows: jobs }).execute(trx);
    },
    wake() {
      isAskedAgain = true;
      working ??= new Promise<void>((resolve) => setImmediate(resolve))
        .then(work)
        .catch(onUnexpected)
        .finally(() => {
          working = undefined;
          // What that was about may have been noted after the last look.
          if (isAskedAgain) scoring.wake();
        });
    },
    async idle() {
      while (working !== undefined) await working;
    },
  };
  return scoring;
}

/** The assessments that have waited longest. */
function oldest(trx: Transaction<SchoolTables>) {
  return trx
    .selectFrom('scoringJobs')
    .select('assessmentId')
    .groupBy('assessmentId')
    .orderBy((eb) => eb.fn.min('id'))
    .limit(ASSESSMENTS_AT_ONCE);
}

const columns = { assessment_id: 'bigint', first_result_id: 'bigint', last_result_id: 'bigint' } as const;

/** For each assessment its id, and that of its first and its last result. @param results by id */
function jobsOf(results: readonly NotedResult[]): string[][] {
  const jobs = new Map<string, [string, string, string]>();
  for (const { id, assessmentId } of results) {
    const job = jobs.get(assessmentId);
    if (job === undefined) jobs.set(assessmentId, [assessmentId, id, id]);
    else job[2] = id;
  }
  return [...jobs.values()];
}
