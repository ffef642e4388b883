import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { beginNewLog } from './begin-new-log.ts';

it('leaves no database behind, also where the life before left one', async () => {
  const factory = new IDBFactory();
  await beginNewLog(factory);
  expect(await factory.databases()).toEqual([]);

  await new Promise((resolve) => {
    factory.open('tapmark-log', 1).onsuccess = ({ target }) => {
      (target as IDBOpenDBRequest).result.close();
      resolve(undefined);
    };
  });
  await beginNewLog(factory);
  expect(await factory.databases()).toEqual([]);
});

it('lets the app go on where the store refuses', async () => {
  const refuses = {
    open: () => {
      throw new DOMException('no', 'SecurityError');
    },
  } as unknown as IDBFactory;
  await expect(beginNewLog(refuses)).resolves.toBeUndefined();
});
