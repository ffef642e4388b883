import type { Page } from '@playwright/test';

type Rows = readonly Record<string, unknown>[];

/** What the device holds, for a diagnosis: ids, states, times; no names. */
export interface DeviceRecords {
  readonly marks: Rows;
  readonly batches: Rows;
  readonly attempts: Rows;
  readonly lanes: Rows;
  readonly log: Rows;
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
    // One transaction: what is filed between two of them would be in neither.
    const transaction = database.transaction(['marks', 'bundles', 'batches', 'attempts', 'lanes', 'log']);
    const all = (table: string) =>
      wait(transaction.objectStore(table).getAll() as IDBRequest<Record<string, unknown>[]>);
    const [filed, bundles, batches, attempts, lanes, log] = await Promise.all([
      all('marks'),
      all('bundles'),
      all('batches'),
      all('attempts'),
      all('lanes'),
      all('log'),
    ]);
    // What is not filed yet lies over the rows.
    const marks = new Map(filed.map((mark) => [mark['seq'], mark]));
    for (const bundle of bundles) {
      for (const mark of JSON.parse(String(bundle['marks'])) as Rows) marks.set(mark['seq'], mark);
    }
    return { marks: [...marks.values()], batches, attempts, lanes, log };
  } finally {
    database.close();
  }
}
