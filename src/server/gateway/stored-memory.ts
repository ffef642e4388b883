import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import type { Database } from '../database/database.ts';
import type { GatewayTables } from './migrations.ts';
import { randomToken } from './vault.ts';

/** Stamps may be given out this far ahead of what is written, so that not every answer costs a write. */
const leadMs = 60_000;
/** More than the time between asking for the name and writing a stamp with it. */
const slackMs = 5_000;

/** The name under which this database remembers attempts, and whether it can have forgotten some. */
export interface StoredMemory {
  /** The memory's name; stamps with it may be given out now. */
  name(): Promise<string>;
  /** Whether the database still goes by this name. For use inside a transaction. */
  isNamed(tables: Kysely<GatewayTables> | Transaction<GatewayTables>, name: string): Promise<boolean>;
}

/**
 * A new database has a new name by itself. One that was put back from a backup would keep its name and yet lack
 * what was recorded since, so that the gateway would vouch for attempts that it did forward. Therefore the database
 * keeps, a minute ahead, until when stamps were given out under its name. Where that is in the past when a process
 * starts, or earlier than a running process knows it to have been, nobody can tell a restored backup from a long
 * stop, and the memory takes a new name: older stamps are refused, and nothing is vouched for (sync protocol §13).
 */
export function createStoredMemory(database: Database, clock: Clock): StoredMemory {
  const db = database.tables<GatewayTables>();
  let known: { readonly name: string; readonly stampedUntil: number } | undefined;
  let renewing: Promise<string> | undefined;

  const renew = (): Promise<string> =>
    db.transaction().execute(async (trx) => {
      // A write first: it takes the lock that makes the rest one step, on either database.
      const row = await trx
        .updateTable('gatewayMemory')
        .set({ onlyRow: 1 })
        .returning(['name', 'stampedUntil'])
        .executeTakeFirstOrThrow();
      const nowMs = clock.wallMs();
      const isDoubtful = row.stampedUntil < (known?.stampedUntil ?? nowMs);
      const name = isDoubtful ? randomToken() : row.name;
      const stampedUntil = Math.max(row.stampedUntil, nowMs + leadMs);
      await trx.updateTable('gatewayMemory').set({ name, stampedUntil }).execute();
      known = { name, stampedUntil };
      return name;
    });

  return {
    async name() {
      if (known !== undefined && clock.wallMs() + slackMs <= known.stampedUntil) return known.name;
      renewing ??= renew().finally(() => (renewing = undefined));
      return renewing;
    },
    async isNamed(tables, name) {
      const row = await tables.selectFrom('gatewayMemory').select('name').executeTakeFirstOrThrow();
      // Another instance gave it a new name, or the database was exchanged: ask again before the next stamp.
      if (known !== undefined && known.name !== row.name) known = { ...known, stampedUntil: 0 };
      return row.name === name;
    },
  };
}
