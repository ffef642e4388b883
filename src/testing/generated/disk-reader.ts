import type { InstallationId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { databaseName } from '#store/schema.ts';
import type { Attempt, Batch, Lane, Meta } from '#store/records.ts';

export interface DiskRows {
  readonly installation: InstallationId | undefined;
  readonly marks: readonly Mark[];
  readonly batches: readonly Batch[];
  readonly attempts: readonly Attempt[];
  readonly lanes: readonly Lane[];
}

/** What is on the disk, past all code of the store. Waits for writes that are under way. */
export async function readDisk(account: string): Promise<DiskRows> {
  const database = await settled(indexedDB.open(databaseName(account)));
  try {
    const tables = ['marks', 'bundles', 'batches', 'attempts', 'lanes', 'meta'];
    const transaction = database.transaction(tables, 'readonly');
    const all = <T>(table: string) => settled(transaction.objectStore(table).getAll() as IDBRequest<T[]>);
    const [filed, bundles, batches, attempts, lanes, [meta]] = await Promise.all([
      all<Mark>('marks'),
      all<{ marks: string }>('bundles'),
      all<Batch>('batches'),
      all<Attempt>('attempts'),
      all<Lane>('lanes'),
      all<Meta>('meta'),
    ]);
    const marks = [
      ...new Map(
        [filed, ...bundles.map(({ marks }) => JSON.parse(marks) as Mark[])]
          .flat()
          .map((mark) => [mark.seq, mark]),
      ).values(),
    ];
    return { installation: meta?.installation, marks, batches, attempts, lanes };
  } finally {
    database.close();
  }
}

/** Makes room for the next world. */
export async function deleteDisk(account: string): Promise<void> {
  await settled(indexedDB.deleteDatabase(databaseName(account)));
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('the disk cannot be read', { cause: request.error }));
  });
}
