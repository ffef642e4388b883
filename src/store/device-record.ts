import { Dexie } from 'dexie';
import type { Table } from 'dexie';
import * as v from 'valibot';
import type { KnownAccount } from './device-facts.ts';
import { toStorageError } from './storage-errors.ts';

/**
 * Whose class this device opens by itself. It stands in a database of its own with strict durability: localStorage
 * forgets its last minutes when the browser is killed, and then marks that are on the disk would seem gone, or
 * somebody who has signed out would be back.
 */
export interface DeviceRecord {
  /** @throws StorageError */
  readonly read: () => Promise<DeviceState>;
  /** On the disk when it resolves. @throws StorageError */
  readonly write: (state: DeviceState) => Promise<void>;
}

export type DeviceState =
  /** Nobody has been here. */
  | { readonly kind: 'new' }
  | { readonly kind: 'account'; readonly account: KnownAccount }
  /** Somebody has signed out: nobody is opened until somebody signs in, whatever the server's session says. */
  | { readonly kind: 'put-away' };

const text = v.pipe(v.string(), v.minLength(1));
const stateSchema = v.variant('kind', [
  v.object({ kind: v.literal('new') }),
  v.object({
    kind: v.literal('account'),
    account: v.object({ id: text, host: v.string(), userId: text, name: v.string() }),
  }),
  v.object({ kind: v.literal('put-away') }),
]);

const key = 'state';

/** Opens the database for each call and closes it again: it is read once a start, and must stand in nobody's way. */
export function createDeviceRecord(name = 'tapmark-device'): DeviceRecord {
  async function withTable<T>(work: (table: Table<unknown, string>) => PromiseLike<T>): Promise<T> {
    const db = new Dexie(name, { chromeTransactionDurability: 'strict', cache: 'disabled' });
    db.version(1).stores({ facts: '' });
    try {
      return await work(db.table('facts'));
    } catch (error) {
      throw toStorageError(error, 'open');
    } finally {
      db.close();
    }
  }

  return {
    read: () =>
      withTable(async (table) => {
        const parsed = v.safeParse(stateSchema, await table.get(key));
        return parsed.success ? (parsed.output as DeviceState) : { kind: 'new' };
      }),
    write: (state) =>
      withTable(async (table) => {
        await table.put(state, key);
      }),
  };
}
