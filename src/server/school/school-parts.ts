import type { Kysely } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import type { Throttle } from './http/throttle.ts';
import type { ResultWriter } from './live-assessments/result-writer.ts';
import type { DeveloperKey, Revision } from './options.ts';
import type { SchoolTables } from './tables.ts';

/** What every part of the school works with. */
export interface School {
  readonly db: Kysely<SchoolTables>;
  readonly clock: Clock;
  readonly revision: Revision;
  readonly resultWriter: ResultWriter;
  /** Zone of people who have chosen none. */
  readonly timeZone: string;
  readonly throttle: Throttle | undefined;
  readonly developerKeys: readonly DeveloperKey[];
}
