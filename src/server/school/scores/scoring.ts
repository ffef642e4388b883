import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import { idsFrom, prepareInsert } from '../../database/json-rows.ts';
import { holdLock } from '../../database/locks.ts';
import { prepare } from '../../database/prepare.ts';
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
/** Marks come in bursts: their end is waited for, but no longer than so many rests, which is half a second. */
const MOST_RESTS = 20;

export function createScoring(options: {
  readonly db: Kysely<SchoolTables>;
  readonly clock: Clock;
  readonly revision: Revision;
  readonly onUnexpected: (error: unknown) => void;
}): Scoring {
  const { db, clock, revision, onUnexpected } = options;
  let working: Promise<void> | undefined;
  let wakes = 0;
  /** How many of them the last look at what is noted came after. */
  let answered = 0;
  let rest = Promise.resolve();

  async function work(): Promise<void> {
    await lull();
    let isMore = true;
    while (isMore) {
      await rest;
      answered = wakes;
      const beganMs = clock.monotonicMs();
      try {
        isMore = await scoreSome();
      } finally {
        // Requests come first: this takes no more than a part of the time.
        const restMs = Math.max(REST_MS, 3 * (clock.monotonicMs() - beganMs));
        rest = pause(restMs);
      }
    }
  }

  /** Resolves when nothing was noted for a while. */
  async function lull(): Promise<void> {
    for (let rests = 0; rests < MOST_RESTS; rests += 1) {
      const before = wakes;
      await pause(REST_MS);
      if (wakes === before) return;
    }
  }

  /** @returns whether there may be more */
  function scoreSome(): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      // No other instance may write older sums over newer ones.
      await holdLock(trx, 'scores');
      const jobs = await oldestJobs(trx, {});
      if (jobs.length === 0) return false;
      await scoreJobs(trx, jobs, revision);
      await endJobs(trx, { ids: JSON.stringify(jobs.map(({ id }) => id)) });
      const assessments = new Set(jobs.map(({ assessmentId }) => assessmentId));
      return assessments.size === ASSESSMENTS_AT_ONCE || jobs.length === JOBS_AT_ONCE;
    });
  }

  const scoring: Scoring = {
    async note(trx, results) {
      await insertJobs(trx, jobsOf(results));
    },
    wake() {
      wakes += 1;
      working ??= work()
        .catch(onUnexpected)
        .finally(() => {
          working = undefined;
          // What that was about may have been noted after the last look.
          if (wakes > answered) scoring.wake();
        });
    },
    async idle() {
      while (working !== undefined) await working;
    },
  };
  return scoring;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The assessments that have waited longest. */
function oldest(db: Kysely<SchoolTables>) {
  return db
    .selectFrom('scoringJobs')
    .select('assessmentId')
    .groupBy('assessmentId')
    .orderBy((eb) => eb.fn.min('id'))
    .limit(ASSESSMENTS_AT_ONCE);
}

const oldestJobs = prepare((db: Kysely<SchoolTables>, _: object) =>
  db
    .selectFrom('scoringJobs')
    .select(['id', 'assessmentId'])
    .where('assessmentId', 'in', oldest(db))
    .orderBy('id')
    .limit(JOBS_AT_ONCE),
);

const endJobs = prepare((db: Kysely<SchoolTables>, { ids }: { readonly ids: string }) =>
  db.deleteFrom('scoringJobs').where('id', 'in', idsFrom(db, ids)),
);

const insertJobs = prepareInsert<SchoolTables>({
  table: 'scoring_jobs',
  columns: { assessment_id: 'bigint', first_result_id: 'bigint', last_result_id: 'bigint' },
});

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
