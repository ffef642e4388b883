import { afterEach, describe, expect, it } from 'vitest';
import type { AttemptId, BatchId, LaneId, ResultId, UserId } from '#domain/ids.ts';
import type { Attempt, Batch, Lane } from '#store/records.ts';
import { TakenError, type SyncStore } from '#store/port.ts';
import { buildMark } from './build-mark.ts';

/** One durable store and the ways a test looks at it. */
export interface StoreUnderTest {
  readonly store: SyncStore;
  /** Another tab on the same durable state. */
  readonly openAgain: () => Promise<SyncStore>;
  readonly close: () => void;
}

/** What every SyncStore promises (store/port.ts), said once and run on each of them. */
export function describeSyncStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a SyncStore`, () => {
    const opened: StoreUnderTest[] = [];
    const start = async () => {
      const subject = await open();
      opened.push(subject);
      return subject;
    };
    afterEach(() => {
      for (const subject of opened.splice(0)) subject.close();
    });

    it('numbers marks in the order they are added', async () => {
      const { store } = await start();
      const first = await store.write((tx) => tx.marks.add(buildMark()));
      const second = await store.write((tx) => tx.marks.add(buildMark()));
      expect(second).toBeGreaterThan(first);
      expect(await store.read((tx) => tx.marks.get(second))).toMatchObject({ seq: second });
    });

    it('refuses a second mark of one tap, and goes on with the transaction', async () => {
      const { store } = await start();
      const mark = buildMark();
      await store.write((tx) => tx.marks.add(mark));
      const index = await store.write(async (tx) => {
        const taken = await tx.marks.add(buildMark({ id: mark.id })).catch((error: unknown) => error);
        await tx.marks.add(buildMark());
        return taken instanceof TakenError ? taken.index : taken;
      });
      expect(index).toBe('id');
      expect(await store.read((tx) => tx.marks.countByState('HELD'))).toBe(2);
    });

    it('refuses a second mark with one U', async () => {
      const { store } = await start();
      const mark = buildMark();
      await store.write((tx) => tx.marks.add(mark));
      const add = store.write((tx) => tx.marks.add(buildMark({ assessedAt: mark.assessedAt })));
      await expect(add).rejects.toMatchObject({ name: 'TakenError', index: 'u' });
      expect(await store.read((tx) => tx.marks.byU(mark.u))).toMatchObject({ id: mark.id });
    });

    it('lets one row confirm one mark only', async () => {
      const { store } = await start();
      const rowId = '9007199254740993' as ResultId;
      const [a, b] = await addMany(store, 2);
      await store.write((tx) => tx.marks.put({ ...a!, state: 'CONFIRMED', rowId }));
      const again = (many: boolean) =>
        store.write((tx) => {
          const mark = { ...b!, state: 'CONFIRMED' as const, rowId };
          return many ? tx.marks.putMany([mark]) : tx.marks.put(mark);
        });
      await expect(again(false)).rejects.toMatchObject({ name: 'TakenError', index: 'rowId' });
      await expect(again(true)).rejects.toMatchObject({ name: 'TakenError', index: 'rowId' });
      expect(await store.read((tx) => tx.marks.byRowId(rowId))).toMatchObject({ id: a!.id });
      await store.write((tx) => tx.marks.put({ ...a!, state: 'CONFIRMED', rowId, reason: 'again' }));
    });

    it.each(['9', '98', '101', '104'])(
      'finds the one that row %s confirms already, among many of different lengths',
      async (taken) => {
        const { store } = await start();
        const [owner, ...others] = await addMany(store, 9);
        await store.write((tx) => tx.marks.put({ ...owner!, state: 'CONFIRMED', rowId: taken as ResultId }));
        const rowIds = ['9', '10', '97', '98', '99', '100', '101', '104'] as ResultId[];
        const confirmed = others.map((mark, n) => ({
          ...mark,
          state: 'CONFIRMED' as const,
          rowId: rowIds[n]!,
        }));
        const all = store.write((tx) => tx.marks.putMany(confirmed));
        await expect(all).rejects.toMatchObject({ name: 'TakenError', index: 'rowId' });
        const free = confirmed.filter(({ rowId }) => rowId !== taken);
        await store.write((tx) => tx.marks.putMany(free));
        expect(await store.read((tx) => tx.marks.countByState('CONFIRMED'))).toBe(8);
      },
    );

    it('keeps nothing of a transaction whose work throws', async () => {
      const { store } = await start();
      const [mark] = await addMany(store, 1);
      const failed = store.write(async (tx) => {
        await tx.marks.add(buildMark());
        await tx.marks.put({ ...mark!, state: 'QUEUED' });
        await tx.batches.put(batch('b1'));
        await tx.attempts.put(attempt('a1', 'b1'));
        await tx.lanes.put(lane('11/k'));
        await tx.log.add({ at: 1, what: 'T1' });
        await tx.meta.put({ ...(await tx.meta.get()), epoch: 99 });
        throw new Error('stop here');
      });
      await expect(failed).rejects.toThrow('stop here');
      const left = await store.read(async (tx) => [
        await tx.marks.countByState('HELD'),
        await tx.marks.countByState('QUEUED'),
        await tx.batches.get('b1' as BatchId),
        await tx.attempts.get('a1' as AttemptId),
        (await tx.lanes.all()).length,
        (await tx.meta.get()).epoch,
      ]);
      expect(left).toEqual([1, 0, undefined, undefined, 0, 0]);
    });

    it('serves one transaction at a time, also across tabs', async () => {
      const { store, openAgain } = await start();
      const other = await openAgain();
      const raise = (tab: SyncStore) =>
        tab.write(async (tx) => {
          const meta = await tx.meta.get();
          await tx.lanes.all();
          await tx.meta.put({ ...meta, epoch: meta.epoch + 1 });
        });
      await Promise.all([store, other, store, other, store].map(raise));
      expect(await other.read((tx) => tx.meta.get())).toMatchObject({ epoch: 5 });
    });

    it('stays in its transaction however much work lies between two calls', async () => {
      const { store } = await start();
      const failed = store.write(async (tx) => {
        await tx.marks.add(buildMark());
        for (let n = 0; n < 500; n += 1) await Promise.resolve();
        await tx.marks.add(buildMark());
        throw new Error('stop here');
      });
      await expect(failed).rejects.toThrow('stop here');
      expect(await store.read((tx) => tx.marks.countByState('HELD'))).toBe(0);
    });

    it('finds marks by lane and state in order of seq, up to a limit', async () => {
      const { store } = await start();
      const marks = await addMany(store, 6);
      const lane = marks[0]!.lane;
      const queued = [marks[4]!, marks[1]!, marks[3]!];
      await store.write((tx) => tx.marks.putMany(queued.map((mark) => ({ ...mark, state: 'QUEUED' }))));
      const elsewhere = buildMark({ course: '12' as never, state: 'QUEUED' });
      await store.write((tx) => tx.marks.add(elsewhere));
      const found = await store.read(async (tx) => ({
        lane: await tx.marks.byLaneAndState(lane, 'QUEUED'),
        two: await tx.marks.byLaneAndState(lane, 'QUEUED', 2),
        all: await tx.marks.byState('QUEUED'),
        one: await tx.marks.byState('QUEUED', 1),
        latest: await tx.marks.latestByState('QUEUED', 2),
        count: await tx.marks.countByState('QUEUED'),
        lanes: (await tx.marks.lanesByState('QUEUED')).length,
        noLanes: (await tx.marks.lanesByState('UNKNOWN')).length,
        none: await tx.marks.byState('UNKNOWN'),
        many: await tx.marks.getMany([marks[5]!.seq, 4711, marks[0]!.seq]),
      }));
      const seqs = Object.fromEntries(
        Object.entries(found).map(([key, rows]) => [
          key,
          typeof rows === 'number' ? rows : rows.map(({ seq }) => seq),
        ]),
      );
      const [, s1, , s3, s4, s5] = marks.map(({ seq }) => seq);
      const last = s5! + 1;
      expect(seqs).toEqual({
        lane: [s1, s3, s4],
        two: [s1, s3],
        all: [s1, s3, s4, last],
        one: [s1],
        latest: [last, s4],
        count: 4,
        lanes: 2,
        noLanes: 0,
        none: [],
        many: [s5, marks[0]!.seq],
      });
    });

    it('finds what is open among batches and attempts', async () => {
      const { store } = await start();
      await store.write(async (tx) => {
        await tx.batches.put({ ...batch('late'), marks: [9] });
        await tx.batches.put({ ...batch('early'), marks: [2], state: 'unknown' });
        await tx.batches.put({ ...batch('elsewhere'), lane: '12/k' as LaneId, marks: [5], state: 'armed' });
        await tx.batches.put({ ...batch('done'), state: 'closed' });
        await tx.attempts.put({ ...attempt('one', 'late'), phase: 'ended', outcome: 'unknown' });
        await tx.attempts.put(attempt('two', 'late'));
        await tx.attempts.put({ ...attempt('three', 'early'), phase: 'ended' });
      });
      const ids = await store.read(async (tx) => [
        (await tx.batches.open()).map(({ id }) => id),
        (await tx.batches.openInLane('11/k' as LaneId)).map(({ id }) => id),
        (await tx.attempts.armed()).map(({ id }) => id),
        (await tx.attempts.ofBatch('late' as BatchId)).map(({ id }) => id).sort(),
      ]);
      expect(ids).toEqual([['early', 'elsewhere', 'late'], ['early', 'late'], ['two'], ['one', 'two']]);
      await store.write((tx) => tx.batches.put({ ...batch('early'), state: 'closed' }));
      expect(await store.read((tx) => tx.batches.openInLane('11/k' as LaneId))).toHaveLength(1);
    });

    it('keeps lanes and meta, with what is absent absent', async () => {
      const { store, openAgain } = await start();
      await store.write(async (tx) => {
        await tx.lanes.put({ ...lane('11/k'), gate: 'auth', auditDue: ['101' as UserId] });
        await tx.meta.put({ ...(await tx.meta.get()), epoch: 3, clockOffsetMs: -1500 });
      });
      const other = await openAgain();
      const kept = await other.read(async (tx) => ({
        lane: await tx.lanes.get('11/k' as LaneId),
        none: await tx.lanes.get('11/other' as LaneId),
        meta: await tx.meta.get(),
      }));
      expect(kept).toMatchObject({
        lane: { gate: 'auth', auditDue: ['101'] },
        meta: { epoch: 3, clockOffsetMs: -1500 },
      });
      expect(kept.none).toBeUndefined();
      expect(kept.lane).not.toHaveProperty('assessmentId');
      expect(kept.meta.installation).not.toBe('');
    });
  });
}

async function addMany(store: SyncStore, count: number) {
  return store.write(async (tx) => {
    const seqs: number[] = [];
    for (let n = 0; n < count; n += 1) seqs.push(await tx.marks.add(buildMark()));
    return tx.marks.getMany(seqs);
  });
}

function batch(id: string): Batch {
  return { id: id as BatchId, lane: '11/k' as LaneId, marks: [1], state: 'formed', absentCount: 0 };
}

function attempt(id: string, batchId: string): Attempt {
  return {
    id: id as AttemptId,
    batchId: batchId as BatchId,
    lane: '11/k' as LaneId,
    n: 1,
    epoch: 1,
    marks: [1],
    bodyHash: '00',
    armedAt: 1,
    phase: 'armed',
  };
}

function lane(id: string): Lane {
  return {
    id: id as LaneId,
    gate: 'open',
    failures: 0,
    refusals: 0,
    accepted: false,
    batchLimit: 100,
    auditDue: [],
  };
}
