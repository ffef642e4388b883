import 'fake-indexeddb/auto';
import { dexieUnderTest } from '#testing/dexie-under-test.ts';
import { describeSyncStore } from '#testing/sync-store-suite.ts';

describeSyncStore('Dexie on fake-indexeddb', () => dexieUnderTest());
describeSyncStore('Dexie on fake-indexeddb, all in bundles,', () => dexieUnderTest(1));
