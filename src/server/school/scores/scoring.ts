import type { Kysely, Transaction } from 'kysely';
import type { Revision } from '../options.ts';
import type { SchoolTables } from '../tables.ts';
import { type Batch, scoreBatch } from './score-batch.ts';

/** Computes scores after the answer, as Canvas's background jobs do (contract §6). */
export interface Scoring {
  /** Notes a batch in the transaction that stores it, so that no crash can lose its scores. */
  readonly note: (trx: Transaction<SchoolTables>, batch: Batch) => Promise<void>;
  /** Begins on what is noted, unless it is at it already. */
  readonly wake: () => void;
  /** Resolves when nothing is noted any more, or the work has failed. */
  readonly idle: () => Promise<void>;
}

export function createScoring(options: {
  readonly db: Kysely<SchoolTables>;
  readonly revision: Revision;
  readonly onUnexpected: (error: unknown) => void;
}): Scoring {
  const { db, revision, onUnexpected } = options;
  let working: Promise<void> | undefined;
  /** Set by a wake that came while working. */
  let isAskedAgain = false;

  async function work(): Promise<void> {
    isAskedAgain = false;
    while (await scoreNext()) {
      // Requests come first: each batch is a turn of its own.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  function scoreNext(): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const job = await trx.selectFrom('scoringJobs').selectAll().orderBy('id').limit(1).executeTakeFirst();
      if (job === undefined) return false;
      await scoreBatch(trx, job, revision);
      await trx.deleteFrom('scoringJobs').where('id', '=', job.id).execute();
      return true;
    });
  }

  const scoring: Scoring = {
    async note(trx, { assessmentId, firstResultId, lastResultId }) {
      await trx.insertInto('scoringJobs').values({ assessmentId, firstResultId, lastResultId }).execute();
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
