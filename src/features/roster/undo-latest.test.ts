import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import type { AccountStore } from '#store/account-store.ts';
import { nineOClock } from '#testing/build-tap.ts';
import { openAccount } from '#testing/open-account.ts';
import { UndoLatest } from './undo-latest.ts';

const hold = () => Promise.resolve(120_000);

function tap(store: AccountStore, student: string) {
  return store.marks.create({
    id: crypto.randomUUID() as MarkId,
    course: '11' as CourseId,
    assessmentKey: '2026-11-23,outcome_5' as AssessmentKey,
    student: student as UserId,
    passed: true,
    tappedAt: nineOClock,
    holdMs: 120_000,
  });
}

async function withdrawn(undone: ReturnType<UndoLatest['undo']>) {
  return (await undone)?.withdrawn.map(({ student }) => student);
}

describe('undo', () => {
  it('takes back a tap that is still on its way to the disk, not the one before it', async () => {
    const store = await openAccount();
    await tap(store, '101');
    const [shown] = await store.marks.undoHistory(1);
    const saving = tap(store, '102');
    expect(await withdrawn(new UndoLatest(store.marks).undo(shown, hold))).toEqual(['102']);
    await saving;
  });

  it('pressed twice at once takes back two', async () => {
    const store = await openAccount();
    await tap(store, '101');
    await tap(store, '102');
    const [shown] = await store.marks.undoHistory(1);
    const latest = new UndoLatest(store.marks);
    const [first, second] = [latest.undo(shown, hold), latest.undo(shown, hold)];
    expect([await withdrawn(first), await withdrawn(second)]).toEqual([['102'], ['101']]);
  });

  it('takes back nothing older when what the button names has been sent meanwhile', async () => {
    const store = await openAccount();
    await tap(store, '101');
    const { mark } = await tap(store, '102');
    const [shown] = await store.marks.undoHistory(1);
    await store.sync.write((tx) => tx.marks.put({ ...mark, state: 'INFLIGHT', attempted: true }));
    const undone = await new UndoLatest(store.marks).undo(shown, hold);
    expect([undone?.withdrawn, undone?.tooLate.map(({ student }) => student)]).toEqual([[], ['102']]);
  });

  it('has nothing to take back in an empty lesson', async () => {
    const store = await openAccount();
    expect(await new UndoLatest(store.marks).undo(undefined, hold)).toBeUndefined();
  });

  it('goes on after a failure', async () => {
    const store = await openAccount();
    await tap(store, '101');
    const latest = new UndoLatest(store.marks);
    await expect(latest.undo(undefined, () => Promise.reject(new Error('the disk')))).rejects.toThrow();
    expect(await withdrawn(latest.undo(undefined, hold))).toEqual(['101']);
  });
});
