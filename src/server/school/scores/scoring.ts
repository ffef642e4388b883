import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '#lib/clock.ts';
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

/** Jobs in one transaction, which requests have to wait for. */
const JOBS_AT_ONCE = 100;
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
        const restMs = Math.max(REST_MS, 2 * (clock.monotonicMs() - beganMs));
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
        .selectAll()
        .orderBy('id')
        .limit(JOBS_AT_ONCE)
        .execute();
      if (jobs.length === 0) return false;
      await scoreJobs(trx, jobs, revision);
      const ids = jobs.map(({ id }) => id);
      await trx.deleteFrom('scoringJobs').where('id', 'in', ids).execute();
      return jobs.length === JOBS_AT_ONCE;
    });
  }

  const scoring: Scoring = {
    async note(trx, results) {
      const jobs = jobsOf(results);
      if (jobs.length > 0) await trx.insertInto('scoringJobs').values(jobs).execute();
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

/** For each assessment, from its first to its last result. @param results by id */
function jobsOf(results: readonly NotedResult[]) {
  const jobs = new Map<string, { assessmentId: string; firstResultId: string; lastResultId: string }>();
  for (const { id, assessmentId } of results) {
    const job = jobs.get(assessmentId);
    if (job === undefined) jobs.set(assessmentId, { assessmentId, firstResultId: id, lastResultId: id });
    else job.lastResultId = id;
  }
  return [...jobs.values()];
}
