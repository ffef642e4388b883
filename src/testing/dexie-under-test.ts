import { systemRandom } from '#lib/random.ts';
import { createDexieSyncStore } from '#store/dexie-sync-store.ts';
import { openDatabase } from '#store/open-database.ts';
import type { StoreUnderTest } from './sync-store-suite.ts';

/** The real store on whatever IndexedDB is there, in a database of its own. */
export async function dexieUnderTest(): Promise<StoreUnderTest> {
  const name = `test:${crypto.randomUUID()}`;
  const connections: { close: () => void }[] = [];
  const open = async () => {
    const { db } = await openDatabase(name, { random: systemRandom });
    connections.push(db);
    return createDexieSyncStore(db);
  };
  return {
    store: await open(),
    openAgain: open,
    close: () => {
      for (const connection of connections) connection.close();
    },
  };
}
