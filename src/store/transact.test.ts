import 'fake-indexeddb/auto';
import { Dexie, type Transaction } from 'dexie';
import { expect, onTestFinished, test } from 'vitest';
import { systemRandom } from '#lib/random.ts';
import { buildMark } from '#testing/build-mark.ts';
import { openDatabase } from './open-database.ts';
import { transact } from './transact.ts';

const NativePromise = Promise;

async function openMarks() {
  const { db } = await openDatabase(`test:${crypto.randomUUID()}`, { random: systemRandom });
  onTestFinished(() => db.close());
  return { db, count: () => db.rows('marks').count() };
}

test('the work of a transaction runs outside of the zone of Dexie, after an await too', async () => {
  const { db } = await openMarks();
  const zones: unknown[] = [];
  const look = () => zones.push([Dexie.currentTransaction, Promise === NativePromise]);
  await transact(db, 'rw!', {
    tables: ['marks'],
    work: async (transaction) => {
      look();
      await transaction.table('marks').add(buildMark());
      look();
      await NativePromise.all([transaction.table('marks').count()]);
      look();
    },
  });
  expect(zones).toEqual(Array(3).fill([null, true]));
});

test('a transaction gives what its work gave, and has kept what it wrote', async () => {
  const { db, count } = await openMarks();
  const work = async (transaction: Transaction) => {
    await transaction.table('marks').bulkAdd([buildMark(), buildMark()]);
    return 'done';
  };
  expect(await transact(db, 'rw!', { tables: ['marks'], work })).toBe('done');
  expect(await count()).toBe(2);
});

test('a transaction whose work throws keeps nothing, at whatever point it throws', async () => {
  const { db, count } = await openMarks();
  const stop = new Error('stop here');
  for (const at of ['first', 'last']) {
    const failed = transact(db, 'rw!', {
      tables: ['marks'],
      work: async (transaction) => {
        if (at === 'first') throw stop;
        await transaction.table('marks').add(buildMark());
        throw stop;
      },
    });
    await expect(failed).rejects.toBe(stop);
  }
  expect(await count()).toBe(0);
});
