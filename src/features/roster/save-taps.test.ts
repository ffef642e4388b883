import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import type { AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import type { AccountStore } from '#store/account-store.ts';
import { nineOClock } from '#testing/build-tap.ts';
import { openAccount } from '#testing/open-account.ts';
import { LessonBoard } from './lesson-board.ts';
import type { BoardDeps } from './lesson-board.ts';
import { onDisk } from './save-taps.ts';

const [ada, ben, cem] = ['ada', 'ben', 'cem'] as [UserId, UserId, UserId];
const lesson = { course: '11' as CourseId, assessmentKey: '2026-11-23,outcome_5' as AssessmentKey };
const other = { ...lesson, assessmentKey: '2026-11-23,outcome_6' as AssessmentKey };

function boardOf(
  store: AccountStore,
  place: typeof lesson,
  holdMs: number | null,
  onSettled: NonNullable<BoardDeps['onSettled']> = () => undefined,
): LessonBoard {
  const board = new LessonBoard({
    onSettled,
    ...onDisk(store.marks, place, () => holdMs),
    newId: () => crypto.randomUUID() as MarkId,
    now: () => nineOClock,
  });
  board.setRoster([ada, ben]);
  return board;
}

function statesOf(board: LessonBoard): string {
  return [ada, ben].map((student) => board.marksOf(student).map(({ state }) => state)).join(' ');
}

/** What the disk holds of the marks on the board. */
async function readAgain(store: AccountStore, board: LessonBoard): Promise<void> {
  const seqs = [ada, ben].flatMap((student) => board.marksOf(student).map(({ seq }) => seq));
  board.follow(await store.sync.read((tx) => tx.marks.getMany(seqs)));
}

it('lets marks that wait for the end of the round go when everybody has been seen', async () => {
  const store = await openAccount();
  const elsewhere = boardOf(store, other, null);
  elsewhere.tap(ada, true);
  const board = boardOf(store, lesson, null);
  board.tap(ada, true);
  await expect.poll(() => statesOf(board)).toBe('HELD ');
  board.tap(ben, false);
  await expect
    .poll(async () => {
      await readAgain(store, board);
      return statesOf(board);
    })
    .toBe('QUEUED QUEUED');
  await readAgain(store, elsewhere);
  expect(statesOf(elsewhere)).toBe('HELD ');
});

it('keeps marks that wait for a time until that time, whoever has been seen', async () => {
  const store = await openAccount();
  const board = boardOf(store, lesson, 120_000);
  board.tap(ada, true);
  board.tap(ben, true);
  await expect.poll(() => statesOf(board)).toBe('HELD HELD');
  await readAgain(store, board);
  expect(statesOf(board)).toBe('HELD HELD');
});

it('replaces the unsent marks of several students as one step, and says which were sent meanwhile', async () => {
  const store = await openAccount();
  const settled: string[] = [];
  const board = boardOf(store, lesson, 120_000, (taps, outcome) =>
    settled.push(`${taps.map(({ student }) => student).join('+')} ${outcome}`),
  );
  board.setMode('single');
  board.setRoster([ada, ben, cem]);
  for (const student of [ada, ben]) board.tap(student, false);
  await expect.poll(() => statesOf(board)).toBe('HELD HELD');
  const [sent] = board.marksOf(ben);
  await store.sync.write((tx) => tx.marks.put({ ...sent!, state: 'INFLIGHT', attempted: true }));
  settled.length = 0;

  board.tapAll([ada, ben, cem], true);
  await expect.poll(() => settled).toEqual(['ada+cem saved', 'ben too-late']);
  expect(statesOf(board)).toBe('WITHDRAWN,HELD HELD');
  expect(board.tile(ben)).toMatchObject({ last: 'fail', tries: 1 });
  const [step] = await store.marks.undoHistory(1);
  expect(step?.marks.map(({ student }) => student)).toEqual([ada, cem]);

  const { restored } = await store.marks.undo(step!, 120_000);
  expect(restored).toMatchObject([{ student: ada, passed: false }]);
});
