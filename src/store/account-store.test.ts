import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import { buildMark } from '#testing/build-mark.ts';
import { nineOClock } from '#testing/build-tap.ts';
import { memoryStorage, newAccount, openAccount } from '#testing/open-account.ts';
import { createDeviceFacts } from './device-facts.ts';
import type { Tap } from './mark-actions.ts';
import { databaseName, schemaVersion, schemaVersions } from './schema.ts';

const tap = (changes: Partial<Tap> = {}): Tap => ({
  id: crypto.randomUUID() as MarkId,
  course: '11' as CourseId,
  assessmentKey: '2026-11-23,outcome_5' as AssessmentKey,
  student: '101' as UserId,
  passed: true,
  tappedAt: nineOClock,
  holdMs: 120_000,
  ...changes,
});

const raw = (account: string) => {
  const db = new Dexie(databaseName(account));
  onTestFinished(() => db.close());
  return db;
};

const nextVersion = [
  ...schemaVersions,
  { version: schemaVersion + 1, tables: { marks: '++seq, &id, &u, &rowId, state, [lane+state], student' } },
];

describe('an account store', () => {
  it('keeps marks through closing and opening', async () => {
    const account = newAccount();
    const store = await openAccount({ account });
    const { mark } = await store.marks.create(tap());
    store.close();
    const again = await openAccount({ account });
    expect(await again.sync.read((tx) => tx.marks.get(mark.seq))).toEqual(mark);
    expect(mark).toMatchObject({
      assessor: '7',
      heldUntil: nineOClock + 120_000,
      clockQuality: 'unverified',
    });
    expect(await again.marks.undoHistory(1)).toHaveLength(1);
  });

  it('keeps accounts apart', async () => {
    const mine = await openAccount();
    await mine.marks.create(tap());
    const theirs = await openAccount();
    expect(await theirs.sync.read((tx) => tx.marks.countByState('HELD'))).toBe(0);
  });

  it('stamps marks with the offset that the sender measured', async () => {
    const store = await openAccount();
    await store.sync.write(async (tx) => {
      await tx.meta.put({ ...(await tx.meta.get()), clockOffsetMs: -60_000 });
    });
    await vi.waitFor(async () => {
      const { mark } = await store.marks.create(tap());
      expect(mark).toMatchObject({ assessedAt: '2026-11-23T08:59:00Z', clockQuality: 'verified' });
    });
  });

  it('asks for persistent storage after the first saved mark, and waits for no answer', async () => {
    const persist = vi.fn(() => new Promise<boolean>(() => undefined));
    const store = await openAccount({ storageManager: { persist } });
    expect(persist).not.toHaveBeenCalled();
    await store.marks.create(tap());
    await store.marks.create(tap());
    expect(persist).toHaveBeenCalledOnce();
    expect(store.storage.state().persistence).toBe('asking');
  });

  it('#63 old code meets the newer database: refuses, and writes nothing', async () => {
    const account = newAccount();
    const newer = await openAccount({ account, versions: nextVersion });
    await newer.marks.create(tap());
    newer.close();
    const before = await contents(account);
    await expect(openAccount({ account })).rejects.toMatchObject({ name: 'StorageError', kind: 'version' });
    expect(await contents(account)).toEqual(before);
  });

  it('#62 new version upgrades the database: the old tab stops, closes and says so', async () => {
    const account = newAccount();
    const calls: string[] = [];
    const old = await openAccount({ account, onMustClose: (why) => calls.push(why) });
    const { mark } = await old.marks.create(tap());
    const upgraded = await openAccount({ account, versions: nextVersion });
    expect(calls).toEqual(['upgrade']);
    await expect(old.marks.create(tap())).rejects.toMatchObject({ kind: 'version' });
    const failed = vi.fn();
    onTestFinished(old.classroom.watchCourses().subscribe(vi.fn(), failed));
    await vi.waitFor(() => expect(failed).toHaveBeenCalledWith(expect.objectContaining({ kind: 'version' })));
    expect(await upgraded.sync.read((tx) => tx.marks.get(mark.seq))).toEqual(mark);
  });

  it('#65 database removed by the browser: reported from the marker until acknowledged', async () => {
    const account = newAccount();
    const device = createDeviceFacts(memoryStorage());
    const store = await openAccount({ account, device });
    expect(store.lostMarks).toBe(0);
    await store.marks.create(tap());
    await store.marks.create(tap());
    await vi.waitFor(() => expect(device.unsent(account)).toBe(2));
    store.close();
    await raw(account).delete();
    const again = await openAccount({ account, device });
    expect(again.lostMarks).toBe(2);
    await again.marks.create(tap());
    await vi.waitFor(() => expect(device.unsent(account)).toBe(1));
    expect(again.lostMarks).toBe(2);
    again.acknowledgeLost();
    expect(again.lostMarks).toBe(0);
  });

  it('says that there is no database to be had', async () => {
    const refuse = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('private mode', 'SecurityError');
    });
    await expect(openAccount()).rejects.toMatchObject({ kind: 'unavailable' });
    refuse.mockRestore();
    vi.stubGlobal('indexedDB', undefined);
    await expect(openAccount()).rejects.toMatchObject({ kind: 'unavailable' });
    vi.unstubAllGlobals();
  });

  it('rejects everything after it was closed', async () => {
    const store = await openAccount();
    store.close();
    await expect(store.marks.create(tap())).rejects.toMatchObject({ kind: 'closed' });
    await expect(store.classroom.putCourses([], 0)).rejects.toMatchObject({ kind: 'closed' });
  });

  it('leaves a row that cannot be read where it is: counted, logged by id, never sent', async () => {
    const account = newAccount();
    const store = await openAccount({ account });
    const { mark } = await store.marks.create(tap());
    store.close();
    const db = await raw(account).open();
    const bad = [
      { ...buildMark(), state: 'QUEUED', passed: 'yes' },
      { ...buildMark(), state: 'MAYBE' },
      { ...buildMark(), state: 'HELD', protocolVersion: 2 },
    ];
    await db.table('marks').bulkAdd(bad);
    db.close();
    const again = await openAccount({ account });
    const counts = vi.fn();
    again.watch.openCounts.subscribe(counts);
    await vi.waitFor(() =>
      expect(counts).toHaveBeenCalledWith(expect.objectContaining({ unreadable: 3, waiting: 1 })),
    );
    expect(await again.sync.read((tx) => tx.marks.byState('QUEUED'))).toEqual([]);
    expect(await again.sync.read((tx) => tx.marks.byState('HELD'))).toEqual([mark]);
    await vi.waitFor(async () => {
      const log = await raw(account)
        .open()
        .then((open) => open.table<{ what: string; mark: string }>('log').toArray());
      expect(log.map(({ what, mark: id }) => [what, id]).sort()).toEqual(
        bad.map(({ id }) => ['unreadable', id]).sort(),
      );
    });
    const left = await raw(account)
      .open()
      .then((open) => open.table('marks').count());
    expect(left).toBe(4);
  });

  it('makes a new installation of a damaged meta row, with an epoch above all that were used', async () => {
    const account = newAccount();
    (await openAccount({ account })).close();
    const db = await raw(account).open();
    await db.table('meta').put({ key: 'meta', installation: 5 });
    await db.table('attempts').put({ id: 'a', batchId: 'b', phase: 'ended', epoch: 41 });
    db.close();
    const again = await openAccount({ account });
    expect(await again.sync.read((tx) => tx.meta.get())).toMatchObject({ epoch: 42 });
  });
});

async function contents(account: string) {
  const db = await raw(account).open();
  const rows = await Promise.all(db.tables.map(async (table) => [table.name, await table.toArray()]));
  const version = db.verno;
  db.close();
  return { version, rows };
}
