import { dexieUnderTest } from '#testing/dexie-under-test.ts';
import { describeSyncStore } from '#testing/sync-store-suite.ts';

// fake-indexeddb is a model of a browser's database; here is one.
describeSyncStore('Dexie on IndexedDB', () => dexieUnderTest());
describeSyncStore('Dexie on IndexedDB, all in bundles,', () => dexieUnderTest(1));
