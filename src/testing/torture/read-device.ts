import type { Page } from '@playwright/test';

/** What the device holds, for a diagnosis: ids, states, times; no names. */
export interface DeviceRecords {
  readonly marks: readonly Record<string, unknown>[];
  readonly batches: readonly Record<string, unknown>[];
  readonly attempts: readonly Record<string, unknown>[];
  readonly lanes: readonly Record<string, unknown>[];
  readonly log: readonly Record<string, unknown>[];
}

export async function readDevice(page: Page): Promise<DeviceRecords> {
  return page.evaluate(readDatabase);
}

/** Runs in the page. */
async function readDatabase(): Promise<DeviceRecords> {
  const { name } = (await indexedDB.databases()).find((one) => one.name?.startsWith('tapmark:')) ?? {};
  if (name === undefined) throw new Error('the device has no database');
  const wait = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the database cannot be read', { cause: request.error }));
    });
  const database = await wait(indexedDB.open(name));
  try {
    const all = (table: string) =>
      wait(database.transaction(table).objectStore(table).getAll() as IDBRequest<Record<string, unknown>[]>);
    // What is not filed yet lies over the rows.
    const marks = new Map((await all('marks')).map((mark) => [mark['seq'], mark]));
    for (const bundle of await all('bundles')) {
      for (const mark of bundle['marks'] as Record<string, unknown>[]) marks.set(mark['seq'], mark);
    }
    return {
      marks: [...marks.values()],
      batches: await all('batches'),
      attempts: await all('attempts'),
      lanes: await all('lanes'),
      log: await all('log'),
    };
  } finally {
    database.close();
  }
}
