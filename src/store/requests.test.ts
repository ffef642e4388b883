import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { answerOf, countsBy, distinctKeys, getEach, getRows, keysBy, lastKeys, putRows } from './requests.ts';

interface Row {
  readonly seq: number;
  readonly rowId?: string;
}

/** A table as `marks` is, with one row for each of `seqs`. */
async function openTable(seqs: readonly number[]): Promise<IDBDatabase> {
  const opening = indexedDB.open(`test:${crypto.randomUUID()}`, 1);
  opening.onupgradeneeded = () => {
    const table = opening.result.createObjectStore('marks', { keyPath: 'seq' });
    table.createIndex('rowId', 'rowId', { unique: true });
    table.createIndex('lane', 'lane');
    for (const seq of seqs) table.add({ seq });
  };
  return new Promise((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(new Error('not opened'));
  });
}

/** @returns what `work` gave, once the transaction has completed */
async function transact<T>(db: IDBDatabase, work: (table: IDBObjectStore) => Promise<T>): Promise<T> {
  const transaction = db.transaction('marks', 'readwrite');
  const completed = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new Error('aborted'));
  });
  const result = await work(transaction.objectStore('marks'));
  await completed;
  return result;
}

const hundred = Array.from({ length: 100 }, (_, n) => n + 1);

describe('requests for many marks', () => {
  it.each([
    ['that stand together', (seq: number) => seq],
    ['far apart', (seq: number) => seq * 1000],
  ])('get those %s in the order they were asked for', async (_, place) => {
    const db = await openTable([...hundred, ...hundred.map((seq) => seq * 1000)]);
    const seqs = hundred.map(place).reverse();
    const rows = await transact(db, (table) => getRows(table, seqs));
    expect(rows.map((row) => (row as Row).seq)).toEqual(seqs);
  });

  it('find keys by an index, and leave out what nobody has', async () => {
    const db = await openTable([]);
    await transact(db, (table) =>
      putRows(
        table,
        [1, 50, 99].map((seq) => ({ seq, rowId: `row ${seq}` })),
      ),
    );
    const asked = hundred.map((seq) => `row ${seq}`);
    const keys = await transact(db, (table) => keysBy(table.index('rowId'), asked));
    expect([...keys]).toEqual([1, 50, 99].map((seq) => [`row ${seq}`, seq]));
    expect(await transact(db, (table) => keysBy(table.index('rowId'), []))).toEqual(new Map());
  });

  it('give every key of an index once', async () => {
    const db = await openTable([]);
    const rows = ['b', 'a', 'b', 'c', 'b'].map((lane, n) => ({ seq: n + 1, rowId: `row ${n}`, lane }));
    await transact(db, (table) => putRows(table, rows));
    expect(await transact(db, (table) => distinctKeys(table.index('lane')))).toEqual(['a', 'b', 'c']);
    expect(await transact(db, (table) => distinctKeys(table.index('rowId')))).toHaveLength(5);
  });

  it('give the last keys of an index, the last first, and count the rows of each', async () => {
    const db = await openTable([]);
    const rows = ['b', 'a', 'b', 'c', 'b'].map((lane, n) => ({ seq: n + 1, rowId: `row ${n}`, lane }));
    await transact(db, (table) => putRows(table, rows));
    const last = (most: number) =>
      transact(db, (table) => lastKeys(table.index('lane'), IDBKeyRange.only('b'), most));
    expect(await last(2)).toEqual([5, 3]);
    expect(await last(Infinity)).toEqual([5, 3, 1]);
    const counts = transact(db, (table) => countsBy(table.index('lane'), ['a', 'b', 'z']));
    expect(await counts).toEqual([1, 3, 0]);
  });

  it('let the transaction go on after one that failed', async () => {
    const db = await openTable([1]);
    await transact(db, async (table) => {
      await expect(answerOf(table.add({ seq: 1 }))).rejects.toMatchObject({ name: 'ConstraintError' });
      expect(await answerOf(table.add({ seq: 2 }))).toBe(2);
    });
    expect(await transact(db, (table) => getEach(table, [1, 2, 3]))).toEqual([{ seq: 1 }, { seq: 2 }]);
  });

  it('give no key of an index that has none', async () => {
    const db = await openTable([1]);
    expect(await transact(db, (table) => distinctKeys(table.index('lane')))).toEqual([]);
  });

  it('leave out what is not there, and answer nothing with nothing', async () => {
    const db = await openTable([1, 3]);
    expect(await transact(db, (table) => getRows(table, [3, 2, 1]))).toEqual([{ seq: 3 }, { seq: 1 }]);
    expect(await transact(db, (table) => getRows(table, [7]))).toEqual([]);
    expect(await transact(db, (table) => getRows(table, []))).toEqual([]);
    expect((await transact(db, (table) => putRows(table, []))).size).toBe(0);
  });

  it('write all but those that an index refuses, wherever they stand, and the transaction goes on', async () => {
    const db = await openTable([...hundred, 999]);
    await transact(db, (table) => putRows(table, [{ seq: 999, rowId: 'taken' }]));
    const refusedAt = [0, 15, 16, 17, 99];
    const rows = hundred.map((seq, n) => ({ seq, rowId: refusedAt.includes(n) ? 'taken' : `row ${seq}` }));
    const refused = await transact(db, (table) => putRows(table, rows));
    expect([...refused].sort((a, b) => a - b)).toEqual(refusedAt);
    const stored = await transact(db, (table) => getRows(table, hundred));
    expect(stored.filter((row) => (row as Row).rowId !== undefined)).toHaveLength(95);
  });

  it('fail when the transaction does', async () => {
    const db = await openTable(hundred);
    const work = transact(db, async (table) => {
      const written = putRows(
        table,
        hundred.map((seq) => ({ seq, rowId: `row ${seq}` })),
      );
      table.transaction.abort();
      await expect(written).rejects.toMatchObject({ name: 'AbortError' });
    });
    await expect(work).rejects.toThrow('aborted');
    await expect(transact(db, (table) => putRows(table, [{ seq: {} }]))).rejects.toMatchObject({
      name: 'DataError',
    });
  });
});
