import type { AccountId } from '#domain/ids.ts';
import type { Random } from '#lib/random.ts';
import { browserChannel } from './browser-channel.ts';
import { createDexieSyncStore } from './dexie-sync-store.ts';
import { createMarkFeed } from './mark-feed.ts';
import { openDatabase } from './open-database.ts';
import { StorageError, type SyncStore } from './port.ts';
import { databaseName } from './schema.ts';

/** An account's store as a service worker has it: to send from, with no screen to tell. */
export interface SenderStore {
  readonly sync: SyncStore;
  readonly close: () => void;
}

/**
 * Opens what an account has on this device with a connection of its own; open pages hear of what is written.
 * It never makes a database: one that is gone has to be missed by the page, which tells the teacher (R4).
 * @param onMustClose a page wants the database upgraded or removed; it is closed when this returns
 * @returns undefined when this device holds nothing of the account
 * @throws StorageError
 */
export async function openSenderStore(
  account: AccountId,
  { random, onMustClose }: { readonly random: Random; readonly onMustClose: () => void },
): Promise<SenderStore | undefined> {
  const name = databaseName(account);
  if (!(await indexedDB.databases()).some((database) => database.name === name)) return undefined;
  const life: { refusal?: StorageError } = {};
  const { db } = await openDatabase(name, {
    random,
    onVersionChange: (why) => {
      onMustClose();
      life.refusal ??= new StorageError(why === 'upgrade' ? 'version' : 'closed');
    },
  });
  const feed = createMarkFeed(browserChannel(account), () => Promise.resolve([]));
  return {
    sync: createDexieSyncStore(db, { committed: feed.committed, refusal: () => life.refusal }),
    close: () => {
      life.refusal ??= new StorageError('closed');
      feed.close();
      db.close();
    },
  };
}
