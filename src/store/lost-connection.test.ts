import 'fake-indexeddb/auto';
import { forceCloseDatabase } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemRandom } from '#lib/random.ts';
import { buildMark } from '#testing/build-mark.ts';
import { buildTap } from '#testing/build-tap.ts';
import type { CourseId } from '#domain/ids.ts';
import { createClassroom } from './classroom.ts';
import { createDexieSyncStore } from './dexie-sync-store.ts';
import { createMark } from './marks/create.ts';
import { openDatabase } from './open-database.ts';
import type { SyncTx } from './port.ts';
import { toStorageError } from './storage-errors.ts';

const open = async () => {
  const { db } = await openDatabase(`test:${crypto.randomUUID()}`, { random: systemRandom });
  return { db, store: createDexieSyncStore(db) };
};
const count = ({ store }: Awaited<ReturnType<typeof open>>) =>
  store.read((tx) => tx.marks.countByState('HELD'));

/** Transactions that cannot be begun, as on an iPad that slept. Dexie binds the method when it opens. */
const connection = { failures: 0, begun: 0 };
/** What happens right after a row was handed to the database. */
const afterAdd: ((store: IDBObjectStore, request: IDBRequest) => void)[] = [];

beforeEach(() => {
  Object.assign(connection, { failures: 0, begun: 0 });
  afterAdd.length = 0;
  // Dexie warns about its own way of opening again.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const realBegin = Reflect.get(IDBDatabase.prototype, 'transaction');
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
    if (args[1] === 'readwrite') {
      connection.begun += 1;
      if (connection.failures-- > 0) throw new DOMException('connection lost', 'InvalidStateError');
    }
    return realBegin.apply(this, args);
  });
  const realAdd = Reflect.get(IDBObjectStore.prototype, 'add');
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, ...args) {
    const request = realAdd.apply(this, args);
    afterAdd.shift()?.(this, request);
    return request;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('#4 IndexedDB connection lost', () => {
  it('opens again when the browser closed the database between two taps', async () => {
    const opened = await open();
    await createMark(opened.store, buildTap());
    forceCloseDatabase(opened.db.backendDB() as never);
    await createMark(opened.store, buildTap());
    expect(await count(opened)).toBe(2);
  });

  it.each([1, 2, 5])('saves a tap when %i transactions could not be begun', async (times) => {
    const opened = await open();
    connection.failures = times;
    expect((await createMark(opened.store, buildTap())).made).toBe(true);
    expect(connection.failures).toBeLessThan(0);
    expect(await count(opened)).toBe(1);
  });

  it('gives up in the end, with the reason, and keeps what was saved before', async () => {
    const opened = await open();
    await createMark(opened.store, buildTap());
    connection.failures = Infinity;
    await expect(createMark(opened.store, buildTap())).rejects.toMatchObject({ kind: 'closed' });
    connection.failures = 0;
    expect(await count(opened)).toBe(1);
    await createMark(opened.store, buildTap());
    expect(await count(opened)).toBe(2);
  });

  it('saves a tap once when the connection goes in the middle of its transaction', async () => {
    const opened = await open();
    const begun = connection.begun;
    afterAdd.push((store) => store.transaction.abort());
    await createMark(opened.store, buildTap());
    expect(connection.begun - begun).toBe(2);
    expect(await count(opened)).toBe(1);
  });

  it('does not repeat work of the sender that had begun', async () => {
    const opened = await open();
    afterAdd.push((store) => store.transaction.abort());
    const work = vi.fn((tx: SyncTx) => tx.marks.add(buildMark()));
    await expect(opened.store.write(work)).rejects.toMatchObject({ name: 'StorageError', kind: 'closed' });
    expect(work).toHaveBeenCalledOnce();
    expect(await count(opened)).toBe(0);
  });
});

/** As Chromium does to a transaction that was begun while its database went away: no event, for ever. */
function leaveUnanswered({ transaction }: IDBObjectStore) {
  for (const handler of ['oncomplete', 'onabort', 'onerror'])
    Object.defineProperty(transaction, handler, { set: () => undefined });
  transaction.abort();
}

describe('the browser takes the database away, because the disk is full or broken', () => {
  it('saves the tap that it left unanswered on the next connection', async () => {
    const opened = await open();
    const { db } = opened;
    afterAdd.push((store) => {
      leaveUnanswered(store);
      forceCloseDatabase(db.backendDB() as never);
    });
    await createMark(opened.store, buildTap());
    expect(await count(opened)).toBe(1);
  });

  it('lets no work of the sender wait for ever', async () => {
    const opened = await open();
    const write = opened.store.write((tx) =>
      tx.marks.add(buildMark()).then(() => new Promise(() => undefined)),
    );
    await Promise.resolve();
    forceCloseDatabase(opened.db.backendDB() as never);
    await expect(write).rejects.toMatchObject({ name: 'StorageError', kind: 'closed' });
  });

  it('lets no screen wait for ever', async () => {
    const { db } = await open();
    const classroom = createClassroom(db, (error) => toStorageError(error, 'work'));
    const put = Reflect.get(IDBObjectStore.prototype, 'put');
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(function (
      this: IDBObjectStore,
      ...args
    ) {
      const request = put.apply(this, args);
      leaveUnanswered(this);
      forceCloseDatabase(db.backendDB() as never);
      return request;
    });
    const chosen = classroom.putOutcomes({ course: '1' as CourseId, outcomes: [], readAt: 1 });
    await expect(chosen).rejects.toMatchObject({ name: 'StorageError', kind: 'closed' });
  });

  it('begins a new log on the next connection, and on no other', async () => {
    const deleted = vi.spyOn(IDBFactory.prototype, 'deleteDatabase');
    const opened = await open();
    await createMark(opened.store, buildTap());
    expect(deleted).not.toHaveBeenCalled();
    forceCloseDatabase(opened.db.backendDB() as never);
    await createMark(opened.store, buildTap());
    await vi.waitFor(() => expect(deleted.mock.calls).toEqual([['tapmark-log']]));
    await createMark(opened.store, buildTap());
    expect(deleted).toHaveBeenCalledOnce();
  });
});

describe('#3 quota exceeded', () => {
  it('says that the tap is not saved, and leaves older marks as they are', async () => {
    const opened = await open();
    await createMark(opened.store, buildTap());
    afterAdd.push(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await expect(createMark(opened.store, buildTap())).rejects.toMatchObject({ kind: 'full' });
    expect(await count(opened)).toBe(1);
  });

  it('also when the browser notices only while it commits', async () => {
    const opened = await open();
    afterAdd.push(({ transaction }, request) => {
      const fake = transaction as unknown as { _abort: (name: string) => void };
      request.addEventListener('success', () => fake._abort('QuotaExceededError'));
    });
    await expect(createMark(opened.store, buildTap())).rejects.toMatchObject({ kind: 'full' });
    expect(await count(opened)).toBe(0);
  });
});

it('passes on what the work itself throws', async () => {
  const { store } = await open();
  const error = new RangeError('not a matter of storage');
  const write = store.write(async (tx) => {
    await tx.marks.add(buildMark());
    throw error;
  });
  await expect(write).rejects.toBe(error);
});
