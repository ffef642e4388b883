/** Of the origin, not of an account: all its databases share one log. */
const name = 'tapmark-log';

/**
 * Has Chromium put its log away and begin a new one. To be called in every life of the app before it has written much.
 *
 * Chromium's IndexedDB (LevelDB) goes on writing into the log of the life before. Where that ended in the middle of a
 * record (a battery that died, a process that was killed), the next life still opens, and appends to the torn record;
 * the life after it finds a checksum that is wrong, and Chromium then removes every database of the origin (it says
 * so in `IDBVersionChangeEvent.dataLoss`). Deleting a database makes it compact, and the compaction moves what the
 * log holds into a table of its own and begins a new log: the torn record is gone before it can do harm. Found by the
 * torture; the test is `e2e/torn-log.spec.ts`. Other browsers make and delete an empty database.
 *
 * Never rejects: what it guards against is rare, and a store that cannot do it has other things to say.
 */
export async function beginNewLog(factory: IDBFactory = indexedDB): Promise<void> {
  try {
    const db = await result(factory.open(name, 1));
    db.close();
    await result(factory.deleteDatabase(name));
  } catch {
    // The next life tries again.
  }
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('the database refused'));
    };
  });
}
