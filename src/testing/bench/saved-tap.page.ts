import type { AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import { systemRandom } from '#lib/random.ts';
import { createDexieSyncStore } from '#store/dexie-sync-store.ts';
import { createMark, stampTap, type NewMark } from '#store/marks/create.ts';
import { openDatabase } from '#store/open-database.ts';

/** Milliseconds of each write, in turn. */
export interface SavedTapTimes {
  readonly ours: number[];
  readonly bare: number[];
}

declare global {
  var measureSavedTap: (rounds: number) => Promise<SavedTapTimes>;
}

const nineOClock = Date.UTC(2026, 10, 23, 9);
const holdMs = 120_000;

/**
 * A tap by the store's own code, and the same record by the shortest IndexedDB code there is, in turns: one strict
 * transaction, one `add`, into a table with the same key and the same indexes, timed until `complete`.
 */
globalThis.measureSavedTap = async (rounds) => {
  const { db } = await openDatabase('bench-ours', { random: systemRandom });
  const store = createDexieSyncStore(db);
  const bare = await openBare(db.backendDB().transaction('marks').objectStore('marks'));
  const times: SavedTapTimes = { ours: [], bare: [] };
  const warmUp = 50;
  for (let n = 0; n < warmUp + rounds; n += 1) {
    const started = performance.now();
    const { mark } = await createMark(store, tap(n));
    const between = performance.now();
    const { seq, ...record } = mark;
    await addBare(bare, record);
    if (n < warmUp) continue;
    times.ours.push(between - started);
    times.bare.push(performance.now() - between);
  }
  return times;
};

function tap(n: number): NewMark {
  const stamp = stampTap(nineOClock + n * 1000, 0);
  return {
    ...stamp,
    id: systemRandom.uuid() as MarkId,
    course: '1' as CourseId,
    assessmentKey: '2026-11-23,outcome_7' as AssessmentKey,
    student: String(1000 + (n % 220)) as UserId,
    assessor: '23' as UserId,
    passed: n % 3 !== 0,
    heldUntil: stamp.heldAt + holdMs,
  };
}

function openBare(model: IDBObjectStore): Promise<IDBDatabase> {
  const { keyPath, autoIncrement } = model;
  const indexes = [...model.indexNames].map((name) => model.index(name));
  const request = indexedDB.open('bench-bare', 1);
  request.onupgradeneeded = () => {
    const table = request.result.createObjectStore('marks', { keyPath, autoIncrement });
    for (const { name, keyPath: path, unique, multiEntry } of indexes) {
      table.createIndex(name, path, { unique, multiEntry });
    }
  };
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('not opened'));
  });
}

function addBare(db: IDBDatabase, record: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction('marks', 'readwrite', { durability: 'strict' });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    transaction.objectStore('marks').add(record);
  });
}
