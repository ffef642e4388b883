import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssessmentKey, BatchId, MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { SyncStore } from '#store/port.ts';
import type { Batch } from '#store/records.ts';
import { buildTap, nineOClock } from '#testing/build-tap.ts';
import { kindsOfStore } from '#testing/open-stores.ts';
import { countMarks, markStates } from './count.ts';
import { createMark, createMarks, stampTap } from './create.ts';
import { releaseHeld } from './release.ts';
import { resolveRejected } from './rejected.ts';
import { undo, undoHistory } from './undo.ts';
import { replaceUnsent, withdraw } from './withdraw.ts';

/*
 * Whatever a teacher does, in whatever order, and whatever the sender does between: I3, I7, I9 and I10 of the
 * protocol hold after every step.
 */

interface World {
  readonly store: SyncStore;
  now: number;
  made: number;
  readonly before: Map<MarkId, Mark>;
  readonly armed: Map<BatchId, Batch>;
}
type Step = (world: World) => Promise<void>;

let names = 0;
const newName = () => `name-${(names += 1)}`;
const newId = () => newName() as MarkId;
const all = (store: SyncStore) =>
  store.read(async (tx) => (await Promise.all(markStates.map((state) => tx.marks.byState(state)))).flat());
/** Any mark, by chance; the same one however often the step is run again. */
const pick = async ({ store }: World, n: number) => {
  const marks = (await all(store)).sort((a, b) => a.seq - b.seq);
  return marks[n % Math.max(1, marks.length)];
};

const student = fc.constantFrom('101', '102').map((id) => id as UserId);
const key = fc
  .constantFrom('2026-11-23,outcome_5', '2026-11-23,outcome_6')
  .map((text) => text as AssessmentKey);
const tap = fc
  .record({ student, assessmentKey: key, passed: fc.boolean(), hold: fc.constantFrom(0, 5_000, null) })
  .map(
    ({ hold, ...rest }) =>
      (now: number) =>
        buildTap({ ...rest, ...stampTap(now, 0), heldUntil: hold === null ? null : now + hold }),
  );
const which = fc.nat(50);

const steps: fc.Arbitrary<Step> = fc.oneof(
  tap.map((draft): Step => async (world) => {
    if ((await createMark(world.store, draft(world.now))).made) world.made += 1;
  }),
  tap.map((draft): Step => async (world) => {
    const twice = draft(world.now);
    const created = await Promise.all([createMark(world.store, twice), createMark(world.store, twice)]);
    expect(created.map(({ made }) => made).sort()).toEqual([false, true]);
    world.made += 1;
  }),
  fc.array(tap, { maxLength: 4 }).map((drafts): Step => async (world) => {
    const gesture = newName();
    const created = await createMarks(
      world.store,
      drafts.map((draft) => ({ ...draft(world.now), gesture })),
    );
    world.made += created.length;
  }),
  which.map((n): Step => async (world) => {
    const mark = await pick(world, n);
    if (mark !== undefined) await withdraw(world.store, [mark.seq], world.now);
  }),
  fc.tuple(which, tap).map(([n, draft]): Step => async (world) => {
    const mark = await pick(world, n);
    if (mark === undefined) return;
    const { student: who, assessmentKey } = mark;
    const done = await replaceUnsent(
      world.store,
      mark.seq,
      { ...draft(world.now), student: who, assessmentKey },
      world.now,
    );
    if (done.outcome === 'replaced') world.made += 1;
  }),
  fc.constantFrom('due', 'all').map((kind): Step => async (world) => {
    await releaseHeld(world.store, { kind }, world.now);
  }),
  fc.constant<Step>(async (world) => {
    const [step] = await undoHistory(world.store, 1);
    if (step === undefined) return;
    const options = { now: world.now, heldUntil: null, newId };
    world.made += (await undo(world.store, step, options)).restored.length;
  }),
  fc.integer({ min: -60_000, max: 10_000 }).map((jump): Step => (world) => {
    world.now += jump;
    return Promise.resolve();
  }),
  fc.tuple(which, fc.boolean()).map(([n, discard]): Step => async (world) => {
    const mark = await pick(world, n);
    const decision = discard
      ? { kind: 'discarded' as const, reason: 'left' }
      : { kind: 'reassigned' as const, newId: newId(), student: '102' as UserId };
    if (mark === undefined) return;
    const resolved = await resolveRejected(world.store, mark.seq, decision, world.now);
    if (resolved?.mark !== undefined) world.made += 1;
  }),
  // The sender: T4, T5, and an end of each kind.
  key.map((assessmentKey): Step => async (world) => {
    await formBatch(world.store, assessmentKey);
  }),
  which.map(
    (n): Step =>
      (world) =>
        arm(world, n),
  ),
  fc.constantFrom('CONFIRMED', 'REJECTED', 'UNKNOWN', 'QUEUED').map(
    (to): Step =>
      (world) =>
        end(world, to),
  ),
);

function formBatch(store: SyncStore, assessmentKey: AssessmentKey) {
  return store.write(async (tx) => {
    const queued = (await tx.marks.byState('QUEUED')).filter(
      (mark) => mark.assessmentKey === assessmentKey && mark.batchId === undefined,
    );
    const [first] = queued;
    if (first === undefined) return;
    const id = newName() as BatchId;
    await tx.marks.putMany(queued.map((mark) => ({ ...mark, batchId: id })));
    await tx.batches.put({
      id,
      lane: first.lane,
      marks: queued.map(({ seq }) => seq),
      state: 'formed',
      absentCount: 0,
    });
  });
}

function arm(world: World, n: number) {
  return world.store.write(async (tx) => {
    const formed = (await tx.batches.open()).filter(({ state }) => state === 'formed');
    const batch = formed[n % Math.max(1, formed.length)];
    if (batch === undefined || world.armed.size > 0) return;
    const marks = await tx.marks.getMany(batch.marks);
    await tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'INFLIGHT', attempted: true })));
    const armed = { ...batch, state: 'armed' as const };
    await tx.batches.put(armed);
    world.armed.set(batch.id, armed);
  });
}

function end(world: World, state: 'CONFIRMED' | 'REJECTED' | 'UNKNOWN' | 'QUEUED') {
  return world.store.write(async (tx) => {
    for (const batch of world.armed.values()) {
      const marks = await tx.marks.getMany(batch.marks);
      await tx.marks.putMany(marks.map((mark) => ({ ...mark, state })));
      const next = { CONFIRMED: 'closed', REJECTED: 'closed', UNKNOWN: 'unknown', QUEUED: 'formed' } as const;
      await tx.batches.put({ ...batch, state: next[state] });
    }
    world.armed.clear();
  });
}

async function check(world: World) {
  const marks = await all(world.store);
  const open = await world.store.read((tx) => tx.batches.open());
  const counts = await world.store.read(countMarks);

  // I3: no two share U; U and `passed` never change.
  expect(new Set(marks.map(({ u }) => u)).size).toBe(marks.length);
  for (const mark of marks) {
    const before = world.before.get(mark.id) ?? mark;
    expect([mark.u, mark.passed, mark.seq]).toEqual([before.u, before.passed, before.seq]);
    // WITHDRAWN is never left, and (I9) never reached by a mark that an attempt has carried.
    if (before.state === 'WITHDRAWN') expect(mark.state).toBe('WITHDRAWN');
    if (mark.state === 'WITHDRAWN') expect([mark.attempted, mark.batchId]).toEqual([false, undefined]);
    world.before.set(mark.id, mark);
  }

  // I7: every mark that was ever made stands in one of the eight states.
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(world.made);

  // I10: a mark is in at most one open batch, and says which; armed batches do not change.
  const members = open.flatMap((batch) => batch.marks.map((seq) => [seq, batch.id] as const));
  expect(new Set(members.map(([seq]) => seq)).size).toBe(members.length);
  const bySeq = new Map(marks.map((mark) => [mark.seq, mark]));
  for (const [seq, id] of members) expect(bySeq.get(seq)?.batchId).toBe(id);
  for (const batch of open) expect(batch.marks.length).toBeGreaterThan(0);
  for (const [id, batch] of world.armed) expect(open.find((one) => one.id === id)).toEqual(batch);
}

describe.each([
  { kind: kindsOfStore[0]!, runs: 300 },
  { kind: kindsOfStore[1]!, runs: 15 },
])('marks in the $kind.name store', ({ kind, runs }) => {
  it('keep I3, I7, I9 and I10 through any sequence of taps, second thoughts and sendings', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (sequence) => {
        const world = {
          store: await kind.open(),
          now: nineOClock,
          made: 0,
          before: new Map(),
          armed: new Map(),
        };
        for (const step of sequence) {
          await step(world);
          await check(world);
        }
      }),
      { numRuns: runs },
    );
  }, 60_000);
});
