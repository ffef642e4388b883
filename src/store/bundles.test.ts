import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LaneId, ResultId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import { systemRandom } from '#lib/random.ts';
import { buildMark } from '#testing/build-mark.ts';
import { MemoryDisk } from '#testing/memory-disk.ts';
import { openMemoryStore } from '#testing/memory-store.ts';
import { newAccount, openAccount } from '#testing/open-account.ts';
import { createDexieSyncStore } from './dexie-sync-store.ts';
import { fileOldest } from './file-bundles.ts';
import { markStates } from './marks/count.ts';
import { openDatabase } from './open-database.ts';
import { TakenError, type SyncStore, type SyncTx } from './port.ts';
import { databaseName, type AccountDatabase } from './schema.ts';

const lanes = ['2026-11-23,outcome_5', '2026-11-23,outcome_6'] as Mark['assessmentKey'][];
const rowIds = ['9', '10', '11', '99'] as ResultId[];

async function openTab(name: string, bundleFrom: number) {
  const { db } = await openDatabase(name, { random: systemRandom });
  onTestFinished(() => db.close());
  return { db, store: createDexieSyncStore(db, { bundleFrom }) };
}

/** Everything a store says of its marks. */
async function look(tx: SyncTx, seqs: readonly number[]) {
  const seen: unknown[] = [await tx.marks.getMany(seqs)];
  for (const state of markStates) {
    seen.push(state, await tx.marks.countByState(state), (await tx.marks.lanesByState(state)).sort());
    seen.push(await tx.marks.byState(state), await tx.marks.byState(state, 2));
    seen.push(await tx.marks.latestByState(state, 2));
    for (const key of lanes) {
      const lane = `11/${key}` as LaneId;
      seen.push(await tx.marks.byLaneAndState(lane, state), await tx.marks.byLaneAndState(lane, state, 1));
    }
  }
  for (const mark of await tx.marks.getMany(seqs))
    seen.push(await tx.marks.byId(mark.id), await tx.marks.byU(mark.u));
  for (const rowId of rowIds) seen.push((await tx.marks.byRowId(rowId))?.id);
  return seen;
}

type Step =
  | { readonly kind: 'add'; readonly lane: number }
  | {
      readonly kind: 'put';
      readonly tab: number;
      readonly which: readonly number[];
      readonly state: MarkState;
      readonly row: number;
      readonly fails: boolean;
    }
  | { readonly kind: 'file'; readonly tab: number };

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), lane: fc.nat(1) }),
  fc.record({
    kind: fc.constant('put' as const),
    tab: fc.nat(1),
    which: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 5 }),
    state: fc.constantFrom(...markStates),
    row: fc.nat(9),
    fails: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('file' as const), tab: fc.nat(1) }),
);

/** A row is given once, and never taken away. */
function changed(marks: readonly Mark[], { state, row }: Extract<Step, { kind: 'put' }>): Mark[] {
  return marks.map((mark, n) => {
    const rowId = mark.rowId ?? rowIds[row + n];
    return { ...mark, state, ...(rowId === undefined ? {} : { rowId }) };
  });
}

async function put(store: SyncStore, seqs: readonly number[], step: Extract<Step, { kind: 'put' }>) {
  const stop = new Error('stop here');
  try {
    await store.write(async (tx) => {
      await tx.marks.putMany(changed(await tx.marks.getMany(seqs), step));
      const after = await tx.marks.getMany(seqs);
      if (after.some(({ state }) => state !== step.state)) throw new Error('its own writing is not seen');
      if (step.fails) throw stop;
    });
    return 'kept';
  } catch (error) {
    if (error instanceof TakenError) return error.index;
    if (error === stop) return 'stopped';
    throw error;
  }
}

describe('marks in bundles', () => {
  it('are what they would be as rows, whatever is written, filed and by which tab', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 4, maxLength: 24 }), fc.nat(1), async (all, first) => {
        const name = `test:${crypto.randomUUID()}`;
        const tabs = [await openTab(name, 1), await openTab(name, 3)] as const;
        const plain = openMemoryStore(new MemoryDisk());
        const seqs: number[] = [];
        for (const [n, step] of all.entries()) {
          if (step.kind === 'file') await fileOldest(tabs[step.tab]!.db);
          else if (step.kind === 'add') {
            const mark = buildMark({ assessmentKey: lanes[step.lane]! });
            const seq = await plain.write((tx) => tx.marks.add(mark));
            expect(await tabs[first]!.store.write((tx) => tx.marks.add(mark))).toBe(seq);
            seqs.push(seq);
          } else {
            const chosen = step.which.flatMap((one) => seqs[one] ?? []);
            const outcome = await put(plain, chosen, step);
            expect(await put(tabs[step.tab]!.store, chosen, step)).toBe(outcome);
          }
          const wanted = await plain.read((tx) => look(tx, seqs));
          expect(await tabs[(n + first) % 2]!.store.read((tx) => look(tx, seqs))).toEqual(wanted);
        }
        for (const { db } of tabs) db.close();
      }),
      { numRuns: 60 },
    );
    // Thousands of transactions: on a busy machine half a minute is not enough.
  }, 120_000);

  it('are all rows of the table in the end, and nothing is left to file', async () => {
    const { db, store } = await openTab(`test:${crypto.randomUUID()}`, 1);
    const marks = await twenty(store);
    const [half, last] = [marks.slice(0, 10), marks.slice(9)];
    await store.write((tx) => tx.marks.putMany(half.map((mark) => ({ ...mark, state: 'QUEUED' }))));
    await store.write((tx) => tx.marks.putMany(last.map((mark) => ({ ...mark, state: 'CONFIRMED' }))));
    const before = await store.read((tx) => tx.marks.getMany(marks.map(({ seq }) => seq)));
    expect(await states(db)).toEqual(Array<string>(20).fill('HELD'));
    expect([await fileOldest(db), await fileOldest(db), await fileOldest(db)]).toEqual([true, true, false]);
    expect(await db.rows('marks').toArray()).toEqual(before);
    expect(before.map(({ state }) => state).join()).toBe(
      'QUEUED,'.repeat(9) + 'CONFIRMED,'.repeat(10) + 'CONFIRMED',
    );
    expect(await db.rows('bundles').count()).toBe(0);
  });

  it('show the lanes of a state that many rows are in', async () => {
    const { db, store } = await openTab(`test:${crypto.randomUUID()}`, 1);
    const add = (lane: string, count: number, state: MarkState) =>
      store.write(async (tx) => {
        const mark = () => buildMark({ assessmentKey: lane as Mark['assessmentKey'], state });
        const seqs = await Promise.all(Array.from({ length: count }, () => tx.marks.add(mark())));
        return tx.marks.getMany(seqs);
      });
    await add('full', 120, 'QUEUED');
    const emptied = await add('emptied', 5, 'QUEUED');
    const halved = await add('halved', 5, 'QUEUED');
    const filled = await add('filled', 5, 'HELD');
    await add('other', 5, 'HELD');
    const put = (marks: readonly Mark[], state: MarkState) =>
      store.write((tx) => tx.marks.putMany(marks.map((mark) => ({ ...mark, state }))));
    await put(emptied, 'INFLIGHT');
    await put(halved.slice(0, 4), 'INFLIGHT');
    await put(filled, 'QUEUED');
    const queued = async () => (await store.read((tx) => tx.marks.lanesByState('QUEUED'))).sort();
    const wanted = ['11/filled', '11/full', '11/halved'];
    expect(await queued()).toEqual(wanted);
    while (await fileOldest(db));
    expect(await queued()).toEqual(wanted);
  });

  it('drop what they cover in full', async () => {
    const { db, store } = await openTab(`test:${crypto.randomUUID()}`, 1);
    const marks = await twenty(store);
    for (const state of ['QUEUED', 'INFLIGHT', 'CONFIRMED'] as const)
      await store.write((tx) => tx.marks.putMany(marks.map((mark) => ({ ...mark, state }))));
    expect(await db.rows('bundles').count()).toBe(1);
    expect(await store.read((tx) => tx.marks.countByState('CONFIRMED'))).toBe(20);
  });

  it('that cannot be read are neither sent nor changed nor filed, and what the rows say of their marks is not believed', async () => {
    const { db, store } = await openTab(`test:${crypto.randomUUID()}`, 1);
    const marks = await twenty(store);
    await store.write((tx) => tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'QUEUED' }))));
    await fileOldest(db);
    const [broken, ...rest] = marks;
    await store.write((tx) =>
      tx.marks.putMany(marks.slice(0, 2).map((mark) => ({ ...mark, state: 'INFLIGHT' }))),
    );
    await damage(db, 0);
    const { store: later, db: laterDb } = await openTab(db.name, 1);
    expect(await later.read((tx) => tx.marks.byState('QUEUED'))).toHaveLength(18);
    expect(await later.read((tx) => tx.marks.byState('INFLIGHT'))).toMatchObject([{ id: rest[0]!.id }]);
    expect(await later.read((tx) => tx.marks.get(broken!.seq))).toBeUndefined();
    // What is written over it stays over it.
    await later.write((tx) =>
      tx.marks.putMany(rest.slice(0, 1).map((mark) => ({ ...mark, state: 'UNKNOWN' }))),
    );
    expect(await fileOldest(laterDb)).toBe(false);
    expect(await later.read((tx) => tx.marks.byState('UNKNOWN'))).toHaveLength(1);
    expect(await db.rows('bundles').count()).toBe(2);
  });

  it('respect a row that confirms a mark already, filed or not', async () => {
    const { db, store } = await openTab(`test:${crypto.randomUUID()}`, 1);
    const [one, two, three] = await twenty(store);
    const confirm = (marks: readonly (Mark | undefined)[], rowId: string) =>
      store.write((tx) =>
        tx.marks.putMany(marks.map((mark) => ({ ...mark!, state: 'CONFIRMED', rowId: rowId as ResultId }))),
      );
    await confirm([one], '7');
    await expect(confirm([two], '7')).rejects.toMatchObject({ index: 'rowId' });
    await fileOldest(db);
    await expect(confirm([two], '7')).rejects.toMatchObject({ index: 'rowId' });
    await expect(confirm([two, three], '8')).rejects.toMatchObject({ index: 'rowId' });
    await confirm([two], '8');
    await confirm([one], '7');
    expect((await store.read((tx) => tx.marks.byRowId('7' as ResultId)))?.id).toBe(one!.id);
  });

  it('hide a mark of which it cannot be said what its row says, and the others go on', async () => {
    const { db, store } = await openTab(`test:${crypto.randomUUID()}`, 1);
    const marks = await twenty(store);
    await store.write((tx) => tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'INFLIGHT' }))));
    const [row] = await db.rows('bundles').toArray();
    await db.rows('bundles').put({ ...row, filed: ['MAYBE', ...(row!['filed'] as string[]).slice(1)] });
    const { store: later } = await openTab(db.name, 1);
    await later.write(async (tx) => {
      const flying = await tx.marks.byState('INFLIGHT');
      await tx.marks.putMany(flying.map((mark) => ({ ...mark, state: 'UNKNOWN' })));
    });
    expect(await later.read((tx) => tx.marks.countByState('UNKNOWN'))).toBe(19);
    expect(await later.read((tx) => tx.marks.get(marks[0]!.seq))).toBeUndefined();
  });

  it('hide the row of a mark of which neither can be said, however few are asked for', async () => {
    const { db, store } = await openTab(`test:${crypto.randomUUID()}`, 1);
    const [first, second] = await twenty(store);
    await db.rows('bundles').add({ seqs: [first!.seq], marks: '[]', filed: ['MAYBE'] });
    const held = (limit?: number) => store.read((tx) => tx.marks.byState('HELD', limit));
    expect(await held()).toHaveLength(19);
    expect(await held(1)).toMatchObject([{ id: second!.id }]);
    expect(await held(19)).toHaveLength(19);
    const { lane } = first!;
    expect(await store.read((tx) => tx.marks.byLaneAndState(lane, 'HELD', 1))).toMatchObject([
      { id: second!.id },
    ]);
  });

  it('give the oldest and the newest of a state, whichever was written first', async () => {
    const { db, store } = await openTab(`test:${crypto.randomUUID()}`, 1);
    const marks = await twenty(store);
    for (const from of [10, 0, 15, 5]) {
      const queued = marks.slice(from, from + 5).map((mark): Mark => ({ ...mark, state: 'QUEUED' }));
      await store.write((tx) => tx.marks.putMany(queued));
    }
    expect(await db.rows('bundles').count()).toBe(4);
    const seqs = marks.map(({ seq }) => seq);
    const oldest = await store.read((tx) => tx.marks.byState('QUEUED', 7));
    expect(oldest.map(({ seq }) => seq)).toEqual(seqs.slice(0, 7));
    const newest = await store.read((tx) => tx.marks.latestByState('QUEUED', 7));
    expect(newest.map(({ seq }) => seq)).toEqual(seqs.slice(-7).reverse());
  });

  it('whose text is cut off hide their marks and stay where they are', async () => {
    const { db, store } = await openTab(`test:${crypto.randomUUID()}`, 1);
    const marks = await twenty(store);
    await store.write((tx) => tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'QUEUED' }))));
    const [row] = await db.rows('bundles').toArray();
    await db.rows('bundles').put({ ...row, marks: String(row!['marks']).slice(0, 100) });
    const { store: later, db: laterDb } = await openTab(db.name, 1);
    expect(await later.read((tx) => tx.marks.byState('HELD'))).toEqual([]);
    expect(await later.read((tx) => tx.marks.byState('QUEUED'))).toEqual([]);
    expect(await fileOldest(laterDb)).toBe(false);
    expect(await db.rows('bundles').count()).toBe(1);
  });

  it('of which nothing can be read stay where they are', async () => {
    const { db, store } = await openTab(`test:${crypto.randomUUID()}`, 1);
    const marks = await twenty(store);
    await db.rows('bundles').add({ seqs: 'all', marks: '[]', filed: [] });
    await store.write((tx) => tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'QUEUED' }))));
    expect(await fileOldest(db)).toBe(true);
    expect(await fileOldest(db)).toBe(false);
    expect(await db.rows('bundles').toArray()).toMatchObject([{ seqs: 'all' }]);
    expect(await states(db)).toEqual(Array<string>(20).fill('QUEUED'));
  });

  it('are filed once nothing was written for a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const account = newAccount();
    const { db } = await openTab(databaseName(account), 1);
    const { sync } = await openAccount({ account, bundleFrom: 20 });
    const left = async () => db.rows('bundles').count();
    const marks = await twenty(sync);
    // It looks for what the life before has left, and finds nothing.
    await vi.advanceTimersByTimeAsync(2_000);
    await sync.write((tx) => tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'QUEUED' }))));
    await vi.advanceTimersByTimeAsync(900);
    await sync.write((tx) => tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'INFLIGHT' }))));
    await vi.advanceTimersByTimeAsync(900);
    expect(await left()).toBe(1);
    await vi.waitFor(async () => expect(await left()).toBe(0));
    expect(await states(db)).toEqual(Array<string>(20).fill('INFLIGHT'));
  });

  it('are counted and shown by a new life of the app, and filed while it rests', async () => {
    const account = newAccount();
    const life = await openAccount({ account });
    const marks = await life.sync.write(async (tx) => {
      const seqs: number[] = [];
      for (let n = 0; n < 20; n += 1) seqs.push(await tx.marks.add(buildMark()));
      return tx.marks.getMany(seqs);
    });
    await life.sync.write((tx) => tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'UNKNOWN' }))));
    life.close();
    const next = await openAccount({ account });
    const counts = vi.fn();
    const lane = vi.fn();
    const outbox = vi.fn();
    next.watch.openCounts.subscribe(counts);
    next.watch.lane(marks[0]!.lane).subscribe(lane);
    next.watch.outbox(['UNKNOWN', 'HELD'], 3).subscribe(outbox);
    await vi.waitFor(() => expect(outbox).toHaveBeenCalled());
    await vi.waitFor(() => expect(counts).toHaveBeenCalled());
    await vi.waitFor(() => expect(lane).toHaveBeenCalled());
    expect(counts.mock.calls[0]).toMatchObject([{ unknown: 20, held: 0, unreadable: 0 }]);
    const [[{ marks: shown }]] = lane.mock.calls as [[{ marks: Mark[] }]];
    expect(shown.map(({ seq, state }) => [seq, state])).toEqual(marks.map(({ seq }) => [seq, 'UNKNOWN']));
    const newest = marks.slice(-3).reverse();
    expect(outbox.mock.calls[0]).toMatchObject([{ marks: newest.map(({ id }) => ({ id })), more: true }]);
    const { db } = await openTab(databaseName(account), 1);
    await vi.waitFor(async () => expect(await states(db)).toEqual(Array<string>(20).fill('UNKNOWN')), 5_000);
  });

  it('of which one cannot be read, or nothing, are counted as that', async () => {
    const account = newAccount();
    const { db, store } = await openTab(databaseName(account), 1);
    const marks = await twenty(store);
    await store.write((tx) => tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'UNKNOWN' }))));
    await damage(db, 3);
    await db.rows('bundles').add({ seqs: 'all', marks: '[]', filed: [] });
    db.close();
    const next = await openAccount({ account });
    const counts = vi.fn();
    next.watch.openCounts.subscribe(counts);
    await vi.waitFor(() => expect(counts).toHaveBeenCalled());
    expect(counts.mock.calls[0]).toMatchObject([{ unknown: 19, unreadable: 2 }]);
  });
});

async function twenty(store: SyncStore): Promise<Mark[]> {
  return store.write(async (tx) => {
    const seqs: number[] = [];
    for (let n = 0; n < 20; n += 1) seqs.push(await tx.marks.add(buildMark()));
    return tx.marks.getMany(seqs);
  });
}

/** One mark of the only bundle cannot be read any more. */
async function damage(db: AccountDatabase, which: number): Promise<void> {
  const [row] = await db.rows('bundles').toArray();
  const marks = JSON.parse(String(row!['marks'])) as Mark[];
  const damaged = marks.map((mark, n) => (n === which ? { ...mark, passed: 'yes' } : mark));
  await db.rows('bundles').put({ ...row, marks: JSON.stringify(damaged) });
}

/** As the rows of `marks` have them. */
async function states(db: AccountDatabase): Promise<unknown[]> {
  return (await db.rows('marks').toArray()).map((row) => row['state']);
}
