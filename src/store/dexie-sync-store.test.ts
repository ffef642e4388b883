import 'fake-indexeddb/auto';
import { systemRandom } from '#lib/random.ts';
import { describeSyncStore } from '#testing/sync-store-suite.ts';
import { createDexieSyncStore } from './dexie-sync-store.ts';
import { openDatabase } from './open-database.ts';

const open = async (name = `test:${crypto.randomUUID()}`) => {
  const { db } = await openDatabase(name, { random: systemRandom });
  return { name, db, store: createDexieSyncStore(db) };
};

describeSyncStore('the Dexie store', async () => {
  const first = await open();
  const more: { close(): void }[] = [first.db];
  return {
    store: first.store,
    openAgain: async () => {
      const again = await open(first.name);
      more.push(again.db);
      return again.store;
    },
    close: () => {
      for (const db of more) db.close();
    },
  };
});
