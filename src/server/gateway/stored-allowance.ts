import { sql } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import type { Database } from '../database/database.ts';
import type { GatewayTables } from './migrations.ts';
import type { Allowance } from './rate-limit.ts';

/** An allowance that all instances on one database draw from. */
export interface StoredAllowance {
  /** As `RateLimit.take`. @param key goes into the database as it is: no address, no cookie */
  readonly take: (key: string, allowance: Allowance) => Promise<number>;
  /** Forgets whoever has all of their allowance again. */
  cleanUp(): Promise<void>;
}

/** How far the clocks of instances may be apart (decision 008). */
const clocksApartMs = 10_000;

/**
 * The bucket of `createRateLimit`, written as the moment at which it is full again: one statement looks and takes, so
 * that instances that ask at once cannot both have the last one. A moment further ahead than an empty bucket needs was
 * written by a clock that has been set back since, and counts for nothing.
 */
export function createStoredAllowance(database: Database, clock: Pick<Clock, 'wallMs'>): StoredAllowance {
  const db = database.tables<GatewayTables>();
  return {
    async take(key, { burst, perMinute }) {
      const nowMs = clock.wallMs();
      const eachMs = Math.ceil(60_000 / perMinute);
      const emptyAt = nowMs + burst * eachMs;
      const furthestAt = emptyAt + clocksApartMs;
      const taken = await db
        .insertInto('gatewayAllowances')
        .values({ key, fullAt: nowMs + eachMs })
        .onConflict((conflict) => {
          const fullAt = sql.ref('gatewayAllowances.fullAt');
          const next = sql<number>`case when ${fullAt} between ${nowMs} and ${furthestAt} then ${fullAt} else ${nowMs} end + ${eachMs}`;
          return conflict
            .column('key')
            .doUpdateSet({ fullAt: next })
            .where(() => sql<boolean>`${next} <= ${emptyAt}`);
        })
        .returning('fullAt')
        .executeTakeFirst();
      if (taken !== undefined) return 0;
      const row = await db
        .selectFrom('gatewayAllowances')
        .select('fullAt')
        .where('key', '=', key)
        .executeTakeFirst();
      const waitMs = (row?.fullAt ?? nowMs) + eachMs - emptyAt;
      return Math.max(1, Math.ceil(waitMs / 1000));
    },

    async cleanUp() {
      await db.deleteFrom('gatewayAllowances').where('fullAt', '<', clock.wallMs()).execute();
    },
  };
}
