import type { AccountId, AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import { systemRandom } from '#lib/random.ts';
import { openAccountStore } from '#store/account-store.ts';
import type { Tap } from '#store/mark-actions.ts';

/** Milliseconds of each write, in turn. */
export interface SavedTapTimes {
  readonly ours: number[];
  readonly bare: number[];
}

declare global {
  var measureSavedTap: (rounds: number) => Promise<SavedTapTimes>;
}

const account = 'bench/23' as AccountId;
const nineOClock = Date.UTC(2026, 10, 23, 9);
const warmUp = 100;

/**
 * A tap by the store's own code, and the same record by the shortest IndexedDB code there is, in turns: one strict
 * transaction, one `add`, into a table with the same key and the same indexes, timed until `complete`.
 */
globalThis.measureSavedTap = async (rounds) => {
  const store = await openAccountStore(account);
  const bare = await openBare(await marksTableOf(`tapmark:${account}`));
  const times: SavedTapTimes = { ours: [], bare: [] };
  for (let n = 0; n < warmUp + rounds; n += 1) {
    await breath();
    const started = performance.now();
    const { mark } = await store.marks.create(tap(n));
    const saved = performance.now();
    const { seq, ...record } = mark;
    await breath();
    const between = performance.now();
    await addBare(bare, record);
    const ended = performance.now();
    if (n < warmUp) continue;
    times.ours.push(saved - started);
    times.bare.push(ended - between);
  }
  return times;
};

/** No teacher taps without one, and what follows a write must not be counted as the next one's. */
function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

function tap(n: number): Tap {
  return {
    id: systemRandom.uuid() as MarkId,
    course: '1' as CourseId,
    assessmentKey: '2026-11-23,outcome_7' as AssessmentKey,
    student: String(1000 + (n % 220)) as UserId,
    passed: n % 3 !== 0,
    tappedAt: nineOClock + n * 1000,
    holdMs: 120_000,
  };
}

interface TableShape {
  readonly key: IDBObjectStoreParameters;
  readonly indexes: readonly { name: string; path: string | string[]; options: IDBIndexParameters }[];
}

async function marksTableOf(name: string): Promise<TableShape> {
  const db = await answerOf(indexedDB.open(name));
  const table = db.transaction('marks').objectStore('marks');
  const indexes = [...table.indexNames].map((index) => {
    const { keyPath, unique, multiEntry } = table.index(index);
    return { name: index, path: keyPath, options: { unique, multiEntry } };
  });
  db.close();
  return { key: { keyPath: table.keyPath, autoIncrement: table.autoIncrement }, indexes };
}

function openBare(shape: TableShape): Promise<IDBDatabase> {
  const request = indexedDB.open('bare', 1);
  request.onupgradeneeded = () => {
    const table = request.result.createObjectStore('marks', shape.key);
    for (const { name, path, options } of shape.indexes) table.createIndex(name, path, options);
  };
  return answerOf(request);
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('refused'));
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
