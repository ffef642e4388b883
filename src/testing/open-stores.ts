import { createDexieSyncStore } from '#store/dexie-sync-store.ts';
import { openDatabase } from '#store/open-database.ts';
import type { SyncStore } from '#store/port.ts';
import { systemRandom } from '#lib/random.ts';
import { MemoryDisk } from './memory-disk.ts';
import { openMemoryStore } from './memory-store.ts';

/** The SyncStores there are, fresh and empty each time: what is written once for the port is tested on each. */
export const kindsOfStore: readonly { readonly name: string; readonly open: () => Promise<SyncStore> }[] = [
  { name: 'memory', open: () => Promise.resolve(openMemoryStore(new MemoryDisk())) },
  { name: 'Dexie', open: () => openDexie() },
  { name: 'Dexie with bundles', open: () => openDexie(1) },
];

async function openDexie(bundleFrom?: number): Promise<SyncStore> {
  const { db } = await openDatabase(`test:${crypto.randomUUID()}`, { random: systemRandom });
  return createDexieSyncStore(db, bundleFrom === undefined ? {} : { bundleFrom });
}
