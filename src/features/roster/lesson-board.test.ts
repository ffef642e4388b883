import { beforeEach, describe, expect, it } from 'vitest';
import type { MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { buildMark } from '#testing/build-mark.ts';
import { LessonBoard } from './lesson-board.ts';
import type { Tap } from './lesson-board.ts';
import { wordsForTile } from './tile-words.ts';

const ada = 'ada' as UserId;
const ben = 'ben' as UserId;
const cem = 'cem' as UserId;

interface Writing {
  readonly tap: Tap;
  complete: (mark?: Mark) => Promise<Mark>;
  fail: () => Promise<void>;
}

let writing: Writing[];
let board: LessonBoard;
let drawn: string[];
let seq: number;

function markOf(tap: Pick<Tap, 'student' | 'passed'> & Partial<Mark>): Mark {
  seq += 1;
  return { ...buildMark(tap), seq };
}

function write(tap: Tap): Promise<Mark> {
  return new Promise((resolve, reject) => {
    writing.push({
      tap,
      complete: async (mark = markOf(tap)) => {
        resolve(mark);
        await settled();
        return mark;
      },
      fail: async () => {
        reject(new Error('disk full'));
        await settled();
      },
    });
  });
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function words(student: UserId): string {
  return wordsForTile(board.tile(student));
}

beforeEach(() => {
  writing = [];
  drawn = [];
  seq = 0;
  let ids = 0;
  board = new LessonBoard({ save: write, newId: () => `tap-${++ids}` as MarkId, now: () => 5000 });
  board.setRoster([ada, ben, cem]);
  for (const student of [ada, ben, cem]) board.subscribeTile(student, () => drawn.push(student));
  board.subscribeCounters(() => drawn.push('counters'));
});

describe('a tap', () => {
  it('is painted and handed to the disk before the handler returns', () => {
    board.tap(ada, true);
    expect(words(ada)).toBe('pass, 1 of 1, being saved');
    expect(writing.map(({ tap }) => tap)).toEqual([
      { id: 'tap-1', student: ada, passed: true, tappedAt: 5000 },
    ]);
  });

  it('draws its own tile and the counters, nothing else', () => {
    board.tap(ada, true);
    expect(drawn.toSorted()).toEqual(['ada', 'counters']);
  });

  it('does not draw the counters when they stay the same', () => {
    board.tap(ada, true);
    drawn = [];
    board.tap(ada, false);
    expect(drawn).toEqual(['ada']);
  });

  it('is called saved only when its transaction has completed', async () => {
    board.tap(ada, true);
    await settled();
    expect(words(ada)).toBe('pass, 1 of 1, being saved');
    await writing[0]?.complete();
    expect(words(ada)).toBe('pass, 1 of 1, saved here');
  });

  it('says that it was not saved when the write failed, and does not count it', async () => {
    board.tap(ada, true);
    await writing[0]?.fail();
    expect(words(ada)).toBe('not seen, pass was not saved');
    expect(board.counters).toMatchObject({ seen: 0, notSeen: 3, unsaved: 1 });
  });

  it('is offered again under the same name and time, so that it cannot become two marks', async () => {
    board.tap(ada, true);
    await writing[0]?.fail();
    board.saveAgain();
    expect(writing[1]?.tap).toEqual(writing[0]?.tap);
    expect(words(ada)).toBe('pass, 1 of 1, being saved');
    await writing[1]?.complete();
    expect(words(ada)).toBe('pass, 1 of 1, saved here');
    expect(board.counters.unsaved).toBe(0);
  });

  it('can be let go of when it could not be saved', async () => {
    board.tap(ada, true);
    await writing[0]?.fail();
    board.forgetUnsaved();
    expect(words(ada)).toBe('not seen');
  });

  it('keeps its place when the ones before it are saved later', async () => {
    board.tap(ada, true);
    board.tap(ada, false);
    await writing[0]?.complete();
    expect(words(ada)).toBe('not yet, 1 of 2, being saved');
  });
});

describe('following the disk', () => {
  it('shows what a reading of the lane holds', () => {
    board.read([markOf({ student: ada, passed: false, state: 'CONFIRMED' })]);
    expect(words(ada)).toBe('not yet, 0 of 1, in Canvas');
    expect(board.counters).toMatchObject({ students: 3, seen: 1, notSeen: 2 });
  });

  it('draws only the tiles that changed', () => {
    const one = markOf({ student: ada, passed: true });
    const other = markOf({ student: ben, passed: true });
    board.read([one, other]);
    drawn = [];
    board.follow([{ ...other, state: 'CONFIRMED' }]);
    expect(drawn).toEqual([ben]);
    drawn = [];
    board.read([one, { ...other, state: 'CONFIRMED' }]);
    expect(drawn).toEqual([]);
  });

  it('takes an older mark that changed in its place', () => {
    const first = markOf({ student: ada, passed: true });
    const second = markOf({ student: ada, passed: false });
    board.read([first, second]);
    board.follow([{ ...first, state: 'CONFIRMED' }]);
    expect(words(ada)).toBe('not yet, 1 of 2, saved here');
    board.follow([{ ...second, state: 'WITHDRAWN' }]);
    expect(words(ada)).toBe('pass, 1 of 1, in Canvas');
  });

  it('shows a mark once when the reading brings it before the write has answered', async () => {
    board.tap(ada, true);
    const mark = markOf({ ...writing[0]!.tap });
    board.follow([mark]);
    expect(words(ada)).toBe('pass, 1 of 1, saved here');
    await writing[0]?.complete(mark);
    expect(words(ada)).toBe('pass, 1 of 1, saved here');
  });

  it('clears the tile of a student whose marks are gone', () => {
    board.read([markOf({ student: ada, passed: true })]);
    board.read([]);
    expect(words(ada)).toBe('not seen');
  });
});

describe('students who are not counted', () => {
  it('are neither seen nor missing', () => {
    board.setAway(new Map([[cem, 'absent']]));
    expect(words(cem)).toBe('absent, not counted');
    expect(board.counters).toMatchObject({ away: 1, notSeen: 2 });
    board.setAway(new Map());
    expect(board.counters).toMatchObject({ away: 0, notSeen: 3 });
  });
});
