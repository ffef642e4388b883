import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import type { AssessmentKey, BatchId, CourseId, MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { StorageError, type SyncStore } from '#store/port.ts';
import { buildMark } from '#testing/build-mark.ts';
import { buildTap, nineOClock } from '#testing/build-tap.ts';
import { kindsOfStore } from '#testing/open-stores.ts';
import { countMarks } from './count.ts';
import { createMark, createMarks, stampTap } from './create.ts';
import { nextReleaseIn, releaseHeld } from './release.ts';
import { resolveRejected } from './rejected.ts';
import { undo, undoHistory } from './undo.ts';
import { replaceUnsent, withdraw } from './withdraw.ts';

const now = nineOClock + 5_000;
let fresh = 0;
const newId = () => `fresh-${(fresh += 1)}` as MarkId;
const undoOptions = { now, heldUntil: now + 120_000, newId };

const readMark = (store: SyncStore, seq: number) => store.read((tx) => tx.marks.get(seq));
const change = (store: SyncStore, mark: Mark) => store.write((tx) => tx.marks.put(mark));
const saved = async (store: SyncStore, changes: Parameters<typeof buildTap>[0] = {}) =>
  (await createMark(store, buildTap(changes))).mark;
/** Puts marks into a batch as the sender's T4 does. */
const inBatch = (
  store: SyncStore,
  marks: readonly Mark[],
  state: 'formed' | 'armed' | 'unknown' = 'formed',
) =>
  store.write(async (tx) => {
    const id = 'batch-1' as BatchId;
    const attempted = state !== 'formed';
    await tx.marks.putMany(marks.map((mark) => ({ ...mark, state: 'QUEUED', batchId: id, attempted })));
    await tx.batches.put({
      id,
      lane: marks[0]!.lane,
      marks: marks.map(({ seq }) => seq),
      state,
      absentCount: 0,
    });
  });
const readBatch = (store: SyncStore) => store.read((tx) => tx.batches.get('batch-1' as BatchId));

describe.each(kindsOfStore)('marks in the $name store', ({ open }) => {
  it('saves a tap as a held mark with a whole second', async () => {
    const store = await open();
    const tap = buildTap({ ...stampTap(nineOClock + 1_999, undefined), heldUntil: null });
    const { mark, made } = await createMark(store, tap);
    expect(made).toBe(true);
    expect(await readMark(store, mark.seq)).toEqual(mark);
    expect(mark).toMatchObject({
      state: 'HELD',
      assessedAt: '2026-11-23T09:00:01Z',
      clockQuality: 'unverified',
      lane: '11/2026-11-23,outcome_5',
      attempted: false,
      heldUntil: null,
    });
  });

  it('#5 two taps, one student, one second: two marks, a second apart', async () => {
    const store = await open();
    const times = [await saved(store), await saved(store), await saved(store, { passed: false })];
    expect(times.map(({ assessedAt }) => assessedAt.slice(-3))).toEqual(['00Z', '01Z', '02Z']);
    expect(new Set(times.map(({ u }) => u)).size).toBe(3);
  });

  it('#6 one tap delivered twice: one mark, as it is now', async () => {
    const store = await open();
    const tap = buildTap();
    const first = await createMark(store, tap);
    await change(store, { ...first.mark, state: 'QUEUED' });
    const second = await createMark(store, { ...tap, heldAt: tap.heldAt + 40 });
    expect(second).toEqual({ mark: { ...first.mark, state: 'QUEUED' }, made: false });
    expect(await store.read((tx) => tx.marks.countByState('HELD'))).toBe(0);
  });

  it('#9 device clock a day fast, offset known: the corrected time is kept', () => {
    const dayMs = 86_400_000;
    expect(stampTap(nineOClock + dayMs, -dayMs)).toEqual({
      assessedAt: '2026-11-23T09:00:00Z',
      heldAt: nineOClock + dayMs,
      clockQuality: 'verified',
    });
  });

  it('#10 device clock set back between taps: distinct keys, order by seq', async () => {
    const store = await open();
    const marks = [];
    for (const at of [2_000, 1_000, 2_000, 1_000]) {
      const heldAt = nineOClock + at;
      marks.push(await saved(store, stampTap(heldAt, 0)));
    }
    expect(marks.map(({ assessedAt }) => assessedAt.slice(-3))).toEqual(['02Z', '01Z', '03Z', '04Z']);
    expect(marks.map(({ seq }) => seq)).toEqual(marks.map(({ seq }) => seq).sort((a, b) => a - b));
  });

  it('saves all marks of a gesture, or none', async () => {
    const store = await open();
    const taps = ['101', '102', '103'].map((student) =>
      buildTap({ student: student as UserId, gesture: 'rest' }),
    );
    const created = await createMarks(store, taps);
    expect(created.map(({ mark }) => mark.student)).toEqual(['101', '102', '103']);
    const unreadable = buildTap();
    vi.spyOn(unreadable, 'id', 'get').mockImplementation(() => {
      throw new Error('stop here');
    });
    await expect(createMarks(store, [buildTap(), unreadable])).rejects.toThrow('stop here');
    expect(await store.read((tx) => tx.marks.countByState('HELD'))).toBe(3);
  });

  it('#7 undo within HOLD: withdrawn, and its second stays taken', async () => {
    const store = await open();
    const mark = await saved(store);
    const { withdrawn, tooLate } = await withdraw(store, [mark.seq], now);
    expect([withdrawn.length, tooLate.length]).toEqual([1, 0]);
    expect(await readMark(store, mark.seq)).toMatchObject({ state: 'WITHDRAWN', settledAt: now });
    expect((await saved(store)).assessedAt).not.toBe(mark.assessedAt);
  });

  it('#8 undo while its batch is formed: leaves the batch in the same transaction', async () => {
    const store = await open();
    const [a, b] = [await saved(store), await saved(store)];
    await inBatch(store, [a, b]);
    await withdraw(store, [a.seq], now);
    expect(await readMark(store, a.seq)).not.toHaveProperty('batchId');
    expect(await readBatch(store)).toMatchObject({ state: 'formed', marks: [b.seq] });
    await withdraw(store, [b.seq], now);
    expect(await readBatch(store)).toMatchObject({ state: 'closed', marks: [] });
  });

  it.each(['armed', 'unknown'] as const)('#8 undo while its batch is %s: too late', async (state) => {
    const store = await open();
    const mark = await saved(store);
    await inBatch(store, [mark], state);
    const { withdrawn, tooLate } = await withdraw(store, [mark.seq], now);
    expect([withdrawn.length, tooLate.length]).toEqual([0, 1]);
    expect(await readBatch(store)).toMatchObject({ state, marks: [mark.seq] });
  });

  it('changes no armed batch, not even for a mark that claims to be untouched', async () => {
    const store = await open();
    const mark = await saved(store);
    await inBatch(store, [mark], 'armed');
    await change(store, { ...(await readMark(store, mark.seq))!, attempted: false });
    expect((await withdraw(store, [mark.seq], now)).tooLate).toHaveLength(1);
    expect(await readBatch(store)).toMatchObject({ state: 'armed', marks: [mark.seq] });
  });

  it('never withdraws a mark that any attempt has carried', async () => {
    const store = await open();
    const mark = await saved(store);
    await change(store, { ...mark, state: 'QUEUED', attempted: true });
    expect((await withdraw(store, [mark.seq], now)).tooLate).toHaveLength(1);
  });

  it('lets go what is due, and says when the next one is', async () => {
    const store = await open();
    const due = await saved(store, { heldUntil: now });
    const later = await saved(store, { heldUntil: now + 7_000 });
    const endOfRound = await saved(store, { heldUntil: null });
    const { released, nextInMs } = await releaseHeld(store, { kind: 'due' }, now);
    expect(released.map(({ seq }) => seq)).toEqual([due.seq]);
    expect(nextInMs).toBe(7_000);
    expect(await releaseHeld(store, { kind: 'due' }, now)).toEqual({ released: [], nextInMs: 7_000 });
    expect(await readMark(store, later.seq)).toMatchObject({ state: 'HELD' });
    expect(await readMark(store, endOfRound.seq)).toMatchObject({ state: 'HELD' });
  });

  it('lets go a lane at the end of its round, and everything on "send now"', async () => {
    const store = await open();
    const here = await saved(store, { heldUntil: null });
    const there = await saved(store, {
      heldUntil: null,
      assessmentKey: '2026-11-23,outcome_6' as AssessmentKey,
    });
    const round = await releaseHeld(store, { kind: 'lane', lane: here.lane }, now);
    expect(round.released.map(({ seq }) => seq)).toEqual([here.seq]);
    const all = await releaseHeld(store, { kind: 'all' }, now);
    expect(all.released.map(({ seq }) => seq)).toEqual([there.seq]);
  });

  it('holds a mark once more, and once only, when the clock was set back', async () => {
    const store = await open();
    const mark = await saved(store);
    const dayBefore = nineOClock - 86_400_000;
    expect(await nextReleaseIn(store, dayBefore)).toBe(120_000);
    expect(await releaseHeld(store, { kind: 'due' }, dayBefore)).toEqual({ released: [], nextInMs: 120_000 });
    expect((await releaseHeld(store, { kind: 'due' }, dayBefore + 119_000)).nextInMs).toBe(1_000);
    const { released } = await releaseHeld(store, { kind: 'due' }, dayBefore + 120_000);
    expect(released).toMatchObject([{ seq: mark.seq, assessedAt: mark.assessedAt }]);
  });

  it('replaces an unsent mark by another', async () => {
    const store = await open();
    const old = await saved(store);
    const draft = buildTap({ passed: false });
    const done = await replaceUnsent(store, old.seq, draft, now);
    expect(done).toMatchObject({
      outcome: 'replaced',
      made: true,
      mark: { passed: false, replaces: old.id },
    });
    expect(await readMark(store, old.seq)).toMatchObject({ state: 'WITHDRAWN', passed: true });
    expect(await replaceUnsent(store, old.seq, draft, now)).toMatchObject({
      outcome: 'replaced',
      made: false,
    });
    expect(await store.read((tx) => tx.marks.countByState('HELD'))).toBe(1);
  });

  it('replaces nothing, and makes nothing, when it is too late', async () => {
    const store = await open();
    const old = await saved(store);
    await change(store, { ...old, state: 'UNKNOWN', attempted: true });
    expect(await replaceUnsent(store, old.seq, buildTap(), now)).toMatchObject({ outcome: 'too-late' });
    expect(await store.read(countMarks)).toMatchObject({ HELD: 0, UNKNOWN: 1, WITHDRAWN: 0 });
  });

  it('remembers what can be undone, gesture by gesture, across lanes', async () => {
    const store = await open();
    const first = await saved(store);
    const other = await saved(store, { course: '12' as CourseId });
    const rest = await createMarks(
      store,
      Array.from({ length: 150 }, (_, n) => buildTap({ student: `${n}` as UserId, gesture: 'rest' })),
    );
    const last = await saved(store);
    await change(store, { ...other, state: 'QUEUED' });
    const steps = await undoHistory(store, 3);
    expect(steps.map(({ gesture, marks }) => [gesture, marks.length])).toEqual([
      [last.id, 1],
      ['rest', 150],
      [other.id, 1],
    ]);
    expect(steps[1]!.marks[0]).toEqual(rest[0]!.mark);
    expect((await undoHistory(store, 2))[1]).toEqual(steps[1]);
    expect(await undoHistory(store, 9)).toHaveLength(4);
    await undo(store, steps[1]!, undoOptions);
    expect((await undoHistory(store, 9)).map(({ gesture }) => gesture)).toEqual([
      last.id,
      other.id,
      first.id,
    ]);
  });

  it('puts what is held and what is queued into one order, however many there are', async () => {
    const store = await open();
    const seqs: number[] = [];
    for (let n = 0; n < 90; n += 1) seqs.unshift((await saved(store, { student: `${n}` as UserId })).seq);
    const early = await store.read((tx) => tx.marks.getMany(seqs.slice(-5)));
    await store.write((tx) => tx.marks.putMany(early.map((mark) => ({ ...mark, state: 'QUEUED' }))));
    const steps = await undoHistory(store, 66);
    expect(steps.map(({ marks }) => marks[0]!.seq)).toEqual(seqs.slice(0, 66));
  });

  it('undoes of a gesture what has not left yet, and says what has', async () => {
    const store = await open();
    const taps = ['101', '102'].map((student) => buildTap({ student: student as UserId, gesture: 'rest' }));
    const [gone, here] = (await createMarks(store, taps)).map(({ mark }) => mark);
    const [step] = await undoHistory(store, 1);
    await change(store, { ...gone!, state: 'INFLIGHT', attempted: true });
    const undone = await undo(store, step!, undoOptions);
    expect(undone.withdrawn.map(({ seq }) => seq)).toEqual([here!.seq]);
    expect(undone.tooLate.map(({ seq }) => seq)).toEqual([gone!.seq]);
    expect(await undoHistory(store, 1)).toEqual([]);
  });

  it('brings back, as a new mark, what an undone mark had replaced', async () => {
    const store = await open();
    const pass = await saved(store);
    await replaceUnsent(store, pass.seq, buildTap({ passed: false }), now);
    const [step] = await undoHistory(store, 1);
    const { restored } = await undo(store, step!, undoOptions);
    expect(restored).toMatchObject([{ passed: true, student: pass.student, state: 'HELD' }]);
    expect(restored[0]!.id).not.toBe(pass.id);
    const again = await undoHistory(store, 5);
    expect(again.map(({ gesture }) => gesture)).toEqual([restored[0]!.id]);
    await undo(store, again[0]!, undoOptions);
    expect(await store.read(countMarks)).toMatchObject({ HELD: 0, WITHDRAWN: 3 });
  });

  it('settles a refused mark once: tried again, given away or discarded', async () => {
    const store = await open();
    const reject = async () => {
      const mark = await saved(store);
      await change(store, {
        ...mark,
        state: 'REJECTED',
        attempted: true,
        reason: 'user is not in the course',
      });
      return mark;
    };
    const [a, b, c] = [await reject(), await reject(), await reject()];
    const student = '105' as UserId;
    const retried = await resolveRejected(store, a.seq, { kind: 'retried', newId: newId() }, now);
    const given = await resolveRejected(store, b.seq, { kind: 'reassigned', newId: newId(), student }, now);
    const discarded = await resolveRejected(
      store,
      c.seq,
      { kind: 'discarded', reason: 'left the class' },
      now,
    );
    expect(retried?.mark).toMatchObject({
      state: 'HELD',
      student: a.student,
      heldUntil: now,
      attempted: false,
    });
    expect(given?.mark).toMatchObject({ student, assessedAt: b.assessedAt, passed: b.passed });
    expect(discarded).not.toHaveProperty('mark');
    expect(discarded?.rejected).toMatchObject({
      state: 'REJECTED',
      resolution: { kind: 'discarded', note: 'left the class', at: now },
    });
    expect(await resolveRejected(store, a.seq, { kind: 'retried', newId: newId() }, now)).toBeUndefined();
    expect(await store.read(countMarks)).toMatchObject({ REJECTED: 3, HELD: 2 });
  });

  it('counts every mark in exactly one state', async () => {
    const store = await open();
    await store.write(async (tx) => {
      for (const state of ['QUEUED', 'UNKNOWN', 'CONFIRMED', 'CONFIRMED', 'HANDED_OVER'] as const) {
        await tx.marks.add(buildMark({ state }));
      }
    });
    const counts = await store.read(countMarks);
    expect(counts).toMatchObject({ HELD: 0, QUEUED: 1, UNKNOWN: 1, CONFIRMED: 2, HANDED_OVER: 1 });
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(5);
  });
});

describe('createMark', () => {
  it('#4 tries three times when the connection is lost, and makes one mark', async () => {
    const [, dexie] = kindsOfStore;
    const store = await dexie!.open();
    let lost = 2;
    const flaky: SyncStore = {
      read: (work) => store.read(work),
      write: async (work) => {
        const result = await store.write(work);
        if (lost-- > 0) throw new StorageError('closed');
        return result;
      },
    };
    const { made } = await createMark(flaky, buildTap());
    expect(made).toBe(false);
    expect(await store.read((tx) => tx.marks.countByState('HELD'))).toBe(1);
    lost = 3;
    await expect(createMark(flaky, buildTap())).rejects.toMatchObject({ kind: 'closed' });
  });

  it('#3 does not try again when the storage is full', async () => {
    const write = vi.fn(() => Promise.reject(new StorageError('full')));
    await expect(createMark({ write, read: write }, buildTap())).rejects.toMatchObject({ kind: 'full' });
    expect(write).toHaveBeenCalledOnce();
  });
});
