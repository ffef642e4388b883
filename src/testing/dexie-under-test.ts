import { systemRandom } from '#lib/random.ts';
import { createDexieSyncStore } from '#store/dexie-sync-store.ts';
import { openDatabase } from '#store/open-database.ts';
import type { StoreUnderTest } from './sync-store-suite.ts';

/**
 * The real store on whatever IndexedDB is there, in a database of its own.
 * @param bundleFrom from how many marks on they are written as a bundle; as in the app unless given
 */
export async function dexieUnderTest(bundleFrom?: number): Promise<StoreUnderTest> {
  const name = `test:${crypto.randomUUID()}`;
  const connections: { close: () => void }[] = [];
  const open = async () => {
    const { db } = await openDatabase(name, { random: systemRandom });
    connections.push(db);
    return createDexieSyncStore(db, bundleFrom === undefined ? {} : { bundleFrom });
  };
  return {
    store: await open(),
    openAgain: open,
    close: () => {
      for (const connection of connections) connection.close();
    },
  };
}
