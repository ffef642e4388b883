import 'fake-indexeddb/auto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AssessmentKey, CourseId, LaneId, MarkId, UserId } from '#domain/ids.ts';
import { systemRandom } from '#lib/random.ts';
import { buildMark } from '#testing/build-mark.ts';
import { collect } from '#testing/collect.ts';
import { nineOClock } from '#testing/build-tap.ts';
import { newAccount, openAccount } from '#testing/open-account.ts';
import { createDexieSyncStore } from './dexie-sync-store.ts';
import type { Tap } from './mark-actions.ts';
import { createMarkFeed } from './mark-feed.ts';
import { openDatabase } from './open-database.ts';
import { createOpenMarks } from './open-marks.ts';
import { StorageError } from './port.ts';

const lane = '11/2026-11-23,outcome_5' as LaneId;
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
const elsewhere = { course: '12' as CourseId };

describe('watching a lane', () => {
  it('tells all marks first, then only what changed, in order of seq', async () => {
    const store = await openAccount();
    const a = (await store.marks.create(tap())).mark;
    const seen = collect(store.watch.lane(lane));
    await seen.until(({ marks }) => marks.length === 1);
    const b = (await store.marks.create(tap())).mark;
    await store.marks.create(tap(elsewhere));
    await store.marks.withdraw([a.seq]);
    expect(seen.values.map(({ changed }) => changed.map(({ seq, state }) => [seq, state]))).toEqual([
      [[a.seq, 'HELD']],
      [[b.seq, 'HELD']],
      [[a.seq, 'WITHDRAWN']],
    ]);
    expect(seen.values.at(-1)?.marks.map(({ seq }) => seq)).toEqual([a.seq, b.seq]);
    expect(seen.values[2]?.marks[1]).toBe(seen.values[1]?.marks[1]);
  });

  it('tells nothing of a transaction that was not kept', async () => {
    const store = await openAccount();
    const seen = collect(store.watch.lane(lane));
    await seen.until(({ marks }) => marks.length === 0);
    const { mark } = await store.marks.create(tap());
    const failed = store.sync.write(async (tx) => {
      await tx.marks.put({ ...mark, state: 'CONFIRMED' });
      throw new Error('stop here');
    });
    await expect(failed).rejects.toThrow('stop here');
    expect(seen.values.at(-1)?.marks).toEqual([mark]);
  });

  it('follows what another tab saved', async () => {
    const account = newAccount();
    const here = await openAccount({ account });
    const there = await openAccount({ account });
    const seen = collect(here.watch.lane(lane));
    const counts = collect(here.watch.openCounts);
    await seen.until(({ marks }) => marks.length === 0);
    const { mark } = await there.marks.create(tap());
    expect((await seen.until(({ marks }) => marks.length === 1)).marks).toEqual([mark]);
    await counts.until(({ held }) => held === 1);
  });

  it('tells no part of a lane while it reads it, and misses nothing that is saved meanwhile', async () => {
    const store = await openAccount();
    for (let n = 0; n < 3; n += 1) await store.marks.create(tap());
    const saving = store.marks.create(tap());
    // Its transaction is begun, so that the reading comes after it.
    for (let n = 0; n < 30; n += 1) await Promise.resolve();
    const seen = collect(store.watch.lane(lane));
    await Promise.all([saving, store.marks.create(tap())]);
    await seen.until(({ marks }) => marks.length === 5);
    expect(seen.values.every(({ marks }) => marks.length >= 3)).toBe(true);
  });

  it('tells nothing more when it is ended', async () => {
    const store = await openAccount();
    const seen = collect(store.watch.lane(lane));
    await seen.until(() => true);
    seen.stop();
    await store.marks.create(tap());
    expect(seen.values).toHaveLength(1);
  });

  it('says that the store failed, and never shows an empty lane for it', async () => {
    const store = await openAccount();
    store.close();
    const seen = collect(store.watch.lane(lane));
    await expect.poll(() => seen.errors.map(({ kind }) => kind)).toEqual(['closed']);
    expect(seen.values).toEqual([]);
  });
});

describe('counting what is open', () => {
  it('follows every mark from the tap to its end', async () => {
    const store = await openAccount();
    const counts = collect(store.watch.openCounts);
    await counts.until(({ waiting }) => waiting === 0);
    const a = (await store.marks.create(tap())).mark;
    const b = (await store.marks.create(tap({ ...elsewhere, holdMs: null }))).mark;
    expect(counts.values.at(-1)).toMatchObject({
      held: 2,
      waiting: 2,
      oldest: a,
      nextReleaseAt: a.heldUntil,
      lastConfirmedAt: undefined,
    });
    expect([...counts.values.at(-1)!.waitingByLane]).toEqual([
      [lane, 1],
      [b.lane, 1],
    ]);
    await store.sync.write((tx) =>
      tx.marks.putMany([
        { ...a, state: 'CONFIRMED', settledAt: nineOClock + 9 },
        { ...b, state: 'REJECTED', reason: 'gone' },
      ]),
    );
    expect(counts.values.at(-1)).toMatchObject({
      waiting: 0,
      needsTeacher: 1,
      lastConfirmedAt: nineOClock + 9,
    });
    await store.marks.resolveRejected(b.seq, { kind: 'discarded', reason: 'left' });
    expect(counts.values.at(-1)).toMatchObject({ waiting: 0, needsTeacher: 0, oldest: undefined });
  });

  it('starts from what an earlier session left', async () => {
    const account = newAccount();
    const before = await openAccount({ account });
    const { mark } = await before.marks.create(tap());
    await before.marks.create(tap());
    await before.sync.write((tx) => tx.marks.put({ ...mark, state: 'CONFIRMED', settledAt: 77 }));
    before.close();
    const counts = collect((await openAccount({ account })).watch.openCounts);
    await counts.until(({ held, lastConfirmedAt }) => held === 1 && lastConfirmedAt === 77);
  });
});

describe('the count of what is open', () => {
  it('is never told in part while it is read', async () => {
    const { db } = await openDatabase(`test:${crypto.randomUUID()}`, { random: systemRandom });
    onTestFinished(() => db.close());
    const store = createDexieSyncStore(db);
    const marks = await store.write(async (tx) => {
      for (let n = 0; n < 3; n += 1) await tx.marks.add(buildMark());
      return tx.marks.byState('HELD');
    });
    const feed = createMarkFeed(undefined, () => Promise.resolve([]));
    const open = createOpenMarks(db, feed, {
      explain: () => new StorageError('other'),
      unreadable: vi.fn(),
    });
    onTestFinished(open.close);
    feed.committed(marks.slice(0, 1));
    const counts = collect(open.watch);
    await counts.until(({ held }) => held === 3);
    feed.refresh();
    feed.committed(marks.slice(0, 1));
    await counts.until(({ held }) => held === 3);
    expect(counts.values.every(({ held }) => held === 3)).toBe(true);
  });
});

describe('watching the rest', () => {
  it('shows the outbox newest first, as far as asked', async () => {
    const store = await openAccount();
    const seqs: number[] = [];
    for (let n = 0; n < 5; n += 1) seqs.push((await store.marks.create(tap())).mark.seq);
    const page = collect(store.watch.outbox(['HELD', 'QUEUED'], 3));
    await page.until(({ marks, more }) => more && marks.length === 3);
    expect(page.values.at(-1)?.marks.map(({ seq }) => seq)).toEqual(seqs.slice(2).reverse());
    const { mark } = await store.marks.create(tap());
    await page.until(({ marks }) => marks[0]?.seq === mark.seq);
    await store.marks.withdraw([mark.seq]);
    await store.marks.release({ kind: 'all' });
    await page.until(({ marks }) => marks.every(({ state }) => state === 'QUEUED'));
    await store.marks.withdraw(seqs.slice(2));
    expect((await page.until(({ more }) => !more)).marks.map(({ seq }) => seq)).toEqual([seqs[1], seqs[0]]);
  });

  it('shows what undo would take back', async () => {
    const store = await openAccount();
    const steps = collect(store.watch.undo(2));
    await steps.until((list) => list.length === 0);
    const created = await store.marks.createAll([tap(), tap({ student: '102' as UserId })]);
    const [step] = await steps.until((list) => list.length === 1);
    expect(step?.marks).toEqual(created.map(({ mark }) => mark));
    await store.marks.undo(step!, null);
    await steps.until((list) => list.length === 0);
  });

  it('shows lanes with their gates, and the log', async () => {
    const store = await openAccount();
    const lanes = collect(store.watch.lanes());
    const log = collect(store.watch.log(1));
    await lanes.until((list) => list.length === 0);
    await store.classroom.chooseAssessment({
      course: '11' as CourseId,
      key: '2026-11-23,outcome_5' as AssessmentKey,
      title: 'Ratios',
      date: '2026-11-23',
      chosenAt: 1,
    });
    const [found] = await lanes.until((list) => list.length === 1);
    expect(found).toMatchObject({ id: lane, gate: 'unresolved', title: 'Ratios' });
    await store.sync.write(async (tx) => {
      await tx.lanes.put({ ...found!, gate: 'auth' });
      await tx.log.add({ at: 1, what: 'first' });
      await tx.log.add({ at: 2, what: 'gate auth', lane });
    });
    await lanes.until((list) => list[0]?.gate === 'auth');
    await log.until((list) => list.length === 1 && list[0]?.what === 'gate auth');
  });
});
