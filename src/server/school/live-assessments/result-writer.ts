import type { Kysely } from 'kysely';
import { Refusal } from '../http/refusal.ts';
import type { Revision } from '../options.ts';
import type { Scoring } from '../scores/scoring.ts';
import type { SchoolTables } from '../tables.ts';
import { type ResultBatch, type StoredResult, writeBatches } from './result-batch.ts';

/** Stores batches of results; those that come at the same moment go to the disk together. */
export interface ResultWriter {
  /**
   * Stores every result of a batch, or none.
   * @returns what was stored, by id, once it is on the disk
   * @throws Refusal for a batch that Canvas would not take
   */
  readonly write: (batch: ResultBatch) => Promise<StoredResult[]>;
}

/** As many as came together last time are waited for, but no longer than so many turns of the event loop. */
const GATHERING_TURNS = 20;
/** No more in one transaction, so that who comes next need not wait long: some milliseconds' work. */
const RESULTS_AT_ONCE = 2000;

interface Waiting {
  readonly batch: ResultBatch;
  readonly size: number;
  readonly resolve: (stored: StoredResult[]) => void;
  readonly reject: (reason: unknown) => void;
}

export function createResultWriter(options: {
  readonly db: Kysely<SchoolTables>;
  readonly revision: Revision;
  readonly scoring: Scoring;
}): ResultWriter {
  const { db, revision, scoring } = options;
  const waiting: Waiting[] = [];
  let isWriting = false;
  let expected = 1;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      await gather();
      const turn = takeTurn(waiting);
      expected = turn.length;
      await writeTogether(turn);
      scoring.wake();
    }
    isWriting = false;
  }

  /** Lets requests be read that have come in, before the disk is waited for. */
  async function gather(): Promise<void> {
    let turns = 0;
    do {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    } while (waiting.length < expected && turns < GATHERING_TURNS);
  }

  async function writeTogether(turn: readonly Waiting[]): Promise<void> {
    const progress = { isCommitting: false };
    try {
      const results = await db.transaction().execute(async (trx) => {
        const written = await writeBatches(
          trx,
          turn.map(({ batch }) => batch),
          revision,
        );
        await scoring.note(
          trx,
          written.flatMap((one) => (one instanceof Refusal ? [] : one)),
        );
        progress.isCommitting = true;
        return written;
      });
      for (const [at, { resolve, reject }] of turn.entries()) {
        const result = results[at];
        if (result === undefined || result instanceof Refusal) reject(result);
        else resolve(result);
      }
    } catch (error) {
      // What failed in committing may be stored: another try could store it twice.
      if (progress.isCommitting || turn.length === 1) for (const { reject } of turn) reject(error);
      // Nothing of it is stored: one of them must not take the others with it.
      else for (const one of turn) await writeTogether([one]);
    }
  }

  return {
    write(batch) {
      const size = batch.groups.reduce((sum, { elements }) => sum + elements.length, 0);
      return new Promise((resolve, reject) => {
        waiting.push({ batch, size, resolve, reject });
        if (!isWriting) void writeAll();
      });
    },
  };
}

/** Takes those who have waited longest, at least one. */
function takeTurn(waiting: Waiting[]): Waiting[] {
  let count = 0;
  let results = 0;
  for (const { size } of waiting) {
    if (count > 0 && results + size > RESULTS_AT_ONCE) break;
    count += 1;
    results += size;
  }
  return waiting.splice(0, count);
}
