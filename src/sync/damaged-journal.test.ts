import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { AttemptId, BatchId } from '#domain/ids.ts';
import { systemRandom } from '#lib/random.ts';
import { createDexieSyncStore } from '#store/dexie-sync-store.ts';
import { openDatabase } from '#store/open-database.ts';
import { buildMark } from '#testing/build-mark.ts';
import { SyncWorld, type Tab } from '#testing/sync-world.ts';
import { settleMs } from './parameters.ts';
import { takeOver } from './transitions/take-over.ts';

/* A row of the store that does not parse is no row for the core: here it is taken off the disk. */

const minutes = (n: number) => n * 60_000;

type Damage = 'the batch' | 'the attempt' | 'both';

/** Marks on their way when the app is killed, and then what the disk does to their journal. */
async function killedInMidAttempt(damage: Damage, arrives: boolean): Promise<SyncWorld> {
  const world = new SyncWorld();
  world.network.plan = ({ leg, kind, n }) =>
    leg === 'device' && kind === 'post' && n === 1
      ? { arriveMs: arrives ? 100 : 'never', answerMs: 60_000 }
      : undefined;
  const tab = world.open();
  await world.tapClass(tab, 20);
  await world.run(2_000);
  expect(world.states()).toEqual({ INFLIGHT: 20 });
  tab.kill();
  if (damage !== 'the attempt') world.disk.batches.clear();
  if (damage !== 'the batch') world.disk.attempts.clear();
  return world;
}

function expectOneRowEach(world: SyncWorld, tab: Tab, count: number) {
  expect(world.states()).toEqual({ CONFIRMED: count });
  expect(world.rowsPerMark()).toEqual(Array<number>(count).fill(1));
  expect(tab.reports).toEqual([]);
}

describe('a journal that cannot be read', { timeout: 60_000 }, () => {
  it.each<Damage>(['the batch', 'the attempt', 'both'])(
    'unreadable: %s of marks that are INFLIGHT and have arrived: found by a read, not sent again',
    async (damage) => {
      const world = await killedInMidAttempt(damage, true);
      const tab = world.open();
      await world.run(minutes(5));
      expectOneRowEach(world, tab, 20);
      expect(world.posts).toBe(1);
    },
  );

  it.each<Damage>(['the batch', 'the attempt', 'both'])(
    'unreadable: %s of marks that are INFLIGHT and never arrived: SETTLE in full, then sent once',
    async (damage) => {
      const world = await killedInMidAttempt(damage, false);
      const tab = world.open();
      await world.run(settleMs - 5_000);
      expect(world.states()).toEqual({ UNKNOWN: 20 });
      expect(world.posts).toBe(1);
      await world.run(minutes(3));
      expectOneRowEach(world, tab, 20);
    },
  );

  it('unreadable batch of marks that are UNKNOWN: as at a take-over', async () => {
    const world = new SyncWorld({ gateway: false });
    world.network.plan = ({ kind, n }) =>
      kind === 'post' && n === 1 ? { arriveMs: 'never', failMs: 100 } : undefined;
    const first = world.open();
    await world.tapClass(first, 20);
    await world.run(2_000);
    expect(world.states()).toEqual({ UNKNOWN: 20 });
    first.kill();
    world.disk.batches.clear();
    const tab = world.open();
    await world.run(settleMs - 5_000);
    expect(world.posts).toBe(1);
    await world.run(minutes(3));
    expectOneRowEach(world, tab, 20);
  });

  it('unreadable batch of marks that are QUEUED in it: they go with the next batch', async () => {
    const world = new SyncWorld();
    world.network.plan = ({ leg, kind, n }) =>
      leg === 'upstream' && kind === 'post' && n === 1 ? { noConnection: true } : undefined;
    const first = world.open();
    await world.tapClass(first, 20);
    await world.run(200);
    first.kill();
    expect(world.states()).toEqual({ QUEUED: 20 });
    expect(world.disk.batches.size).toBe(1);
    world.disk.batches.clear();
    const tab = world.open();
    await world.run(minutes(1));
    expectOneRowEach(world, tab, 20);
  });

  it('unreadable row of a mark in mid-attempt: the others are found by a read, that one stays as it is', async () => {
    const world = new SyncWorld();
    world.network.plan = ({ leg, kind, n }) =>
      leg === 'device' && kind === 'post' && n === 1 ? { answerMs: 5_000 } : undefined;
    const tab = world.open();
    const marks = await world.tapClass(tab, 20);
    await world.run(2_000);
    const damaged = world.disk.marks.get(marks[3]!.seq);
    world.disk.marks.delete(marks[3]!.seq);
    await world.run(minutes(5));
    expect(damaged?.state).toBe('INFLIGHT');
    expect(world.states()).toEqual({ CONFIRMED: 19 });
    expect(world.posts).toBe(1);
  });

  it('unreadable row of a lane: described anew by its key, and nothing is sent twice', async () => {
    const world = new SyncWorld();
    const first = world.open();
    await world.tapClass(first, 20);
    await world.run(5_000);
    first.kill();
    world.disk.lanes.clear();
    const tab = world.open();
    await world.tap(tab, { student: '125' });
    await world.run(minutes(5));
    expectOneRowEach(world, tab, 21);
    expect(world.canvas.assessments).toHaveLength(1);
  });

  it('unreadable rows on a real disk: read past, left as they are, their marks UNKNOWN', async () => {
    const { db } = await openDatabase(`test:${crypto.randomUUID()}`, { random: systemRandom });
    const store = createDexieSyncStore(db);
    const batchId = 'batch-1' as BatchId;
    const mark = buildMark({ state: 'INFLIGHT', batchId, attempted: true });
    const seq = await store.write((tx) => tx.marks.add(mark));
    const bad = {
      batch: { id: batchId, lane: mark.lane, marks: 'all', state: 'armed', absentCount: 0 },
      attempt: { id: 'attempt-1' as AttemptId, batchId, phase: 'armed', epoch: 'first', marks: [seq] },
    };
    await db.rows('batches').put(bad.batch);
    await db.rows('attempts').put(bad.attempt);

    const epoch = await store.write((tx) => takeOver(tx, { at: 1 }));
    const [batch] = await store.read((tx) => tx.batches.open());
    expect(batch).toMatchObject({ id: `recovered-${epoch}-1`, marks: [seq], state: 'unknown' });
    expect(await store.read((tx) => tx.marks.get(seq))).toMatchObject({
      state: 'UNKNOWN',
      batchId: batch?.id,
    });
    expect(await db.rows('batches').get(batchId)).toEqual(bad.batch);
    expect(await db.rows('attempts').get('attempt-1')).toEqual(bad.attempt);
  });
});
