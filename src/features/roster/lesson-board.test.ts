import { beforeEach, describe, expect, it } from 'vitest';
import type { MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { buildMark } from '#testing/build-mark.ts';
import { LessonBoard } from './lesson-board.ts';
import type { Saved, Tap } from './tap.ts';
import { wordsForTile } from './tile-words.ts';

const ada = 'ada' as UserId;
const ben = 'ben' as UserId;
const cem = 'cem' as UserId;

interface Writing {
  readonly tap: Tap;
  readonly taps: readonly Tap[];
  tooLate: () => Promise<void>;
  complete: (mark?: Mark) => Promise<Mark>;
  fail: () => Promise<void>;
}

let writing: Writing[];
let board: LessonBoard;
let drawn: string[];
let ended: number;
let seq: number;

const untilRoundEnds = { heldUntil: null };

function markOf({ replaces: _, ...tap }: Omit<Partial<Mark>, 'replaces'> & { replaces?: unknown }): Mark {
  seq += 1;
  return { ...buildMark(tap), seq };
}

function write(taps: readonly Tap[]): Promise<Saved> {
  const [tap] = taps as [Tap];
  return new Promise((resolve, reject) => {
    writing.push({
      tap,
      taps,
      tooLate: async () => {
        resolve({ kind: 'too-late' });
        await settled();
      },
      complete: async (mark = markOf(tap)) => {
        const old = tap.replaces === undefined ? [] : [{ ...tap.replaces, state: 'WITHDRAWN' as const }];
        resolve({ kind: 'saved', marks: [...old, mark, ...taps.slice(1).map(markOf)] });
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
  ended = 0;
  board = new LessonBoard({
    save: write,
    newId: () => `tap-${++ids}` as MarkId,
    now: () => 5000,
    onRoundEnd: () => (ended += 1),
  });
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
    expect(board.counters.unsaved).toBe(0);
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

  it('is counted by taps, not by students, when it was not saved', async () => {
    board.tap(ada, true);
    board.tap(ada, false);
    await writing[0]?.fail();
    await writing[1]?.fail();
    expect(board.counters.unsaved).toBe(2);
  });

  it('outlives its board when it could not be saved', async () => {
    const unsaved = new Set<readonly Tap[]>();
    const deps = { save: write, newId: () => 'tap-1' as MarkId, now: () => 5000, unsaved };
    new LessonBoard(deps).tap(ada, true);
    await writing[0]?.fail();
    board = new LessonBoard(deps);
    board.setRoster([ada, ben]);
    board.read([]);
    expect(words(ada)).toBe('not seen, pass was not saved');
    expect(board.counters.unsaved).toBe(1);
    board.saveAgain();
    await writing[1]?.complete();
    expect(words(ada)).toBe('pass, 1 of 1, saved here');
    expect(unsaved.size).toBe(0);
  });

  it('is not offered again when the disk holds it after all', async () => {
    board.tap(ada, true);
    await writing[0]?.fail();
    board.follow([markOf({ ...writing[0]!.tap })]);
    expect(board.counters.unsaved).toBe(0);
    board.saveAgain();
    expect(writing).toHaveLength(1);
  });

  it('keeps its place when the ones before it are saved later', async () => {
    board.tap(ada, true);
    board.tap(ada, false);
    await writing[0]?.complete();
    expect(words(ada)).toBe('not yet, 1 of 2, 50 %, being saved');
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
    expect(words(ada)).toBe('not yet, 1 of 2, 50 %, saved here');
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

describe('several students together', () => {
  it('are marked as one gesture, all of it saved or none', async () => {
    board.tapAll([ada, ben], true);
    expect(writing.map(({ taps }) => taps.length)).toEqual([2]);
    expect([words(ada), words(ben)]).toEqual(['pass, 1 of 1, being saved', 'pass, 1 of 1, being saved']);
    await writing[0]?.complete();
    expect([words(ada), words(ben)]).toEqual(['pass, 1 of 1, saved here', 'pass, 1 of 1, saved here']);
    board.tapAll([ada, cem], false);
    await writing[1]?.fail();
    expect(board.counters.unsaved).toBe(2);
  });

  it('are offered again as one gesture, so that one undo takes it back', async () => {
    board.tapAll([ada, ben, cem], true);
    await writing[0]?.fail();
    board.saveAgain();
    expect(writing.map(({ taps }) => taps.length)).toEqual([3, 3]);
    expect(writing[1]?.taps).toEqual(writing[0]?.taps);
  });

  it('are chosen and let go', () => {
    board.setSelected(new Set([cem, ada]));
    expect(board.selected).toEqual([ada, cem]);
    expect(board.counters.selected).toBe(2);
    drawn = [];
    board.setSelected(new Set([ada]));
    expect(drawn.toSorted()).toEqual(['cem', 'counters']);
  });
});

describe('single mode', () => {
  beforeEach(() => board.setMode('single'));

  it('replaces a mark that was not sent', async () => {
    board.tap(ada, true);
    const mark = await writing[0]?.complete();
    expect(board.tap(ada, false)).toBe('marked');
    expect(writing[1]?.tap.replaces).toEqual(mark);
    expect(words(ada)).toBe('not yet, 0 of 1, being saved');
    await writing[1]?.complete();
    expect(words(ada)).toBe('not yet, 0 of 1, saved here');
  });

  it('does not touch a mark that was sent, until told to add another', () => {
    board.read([markOf({ student: ada, passed: false, state: 'CONFIRMED' })]);
    expect(board.tap(ada, true)).toBe('sent');
    expect(writing).toEqual([]);
    board.tapAgain(ada, true);
    expect(words(ada)).toBe('pass, 1 of 2, 50 %, being saved');
  });

  it('judges by the last mark that counts: a refused one is neither replaced nor in the way', async () => {
    const refused = { student: ada, passed: false, state: 'REJECTED' } as const;
    board.read([markOf(refused)]);
    expect(board.tap(ada, true)).toBe('marked');
    const mark = await writing[0]?.complete();
    expect(writing[0]?.tap.replaces).toBeUndefined();
    board.follow([markOf(refused)]);
    expect(board.tap(ada, false)).toBe('marked');
    expect(writing[1]?.tap.replaces).toEqual(mark);
  });

  it('goes back to the old mark when the replacement came too late', async () => {
    const old = markOf({ student: ada, passed: true });
    board.read([old]);
    board.tap(ada, false);
    await writing[0]?.tooLate();
    expect(words(ada)).toBe('pass, 1 of 1, saved here');
    expect(board.counters.unsaved).toBe(0);
  });

  it('replaces unsent marks of several students in one gesture, and leaves out those that were sent', () => {
    const held = markOf({ student: ada, passed: false });
    board.read([held, markOf({ student: ben, passed: false, state: 'CONFIRMED' })]);
    expect(board.tapAll([ada, ben, cem], true)).toEqual({ busy: [], sent: [ben] });
    expect(writing.map(({ taps }) => taps.map(({ student, replaces }) => [student, replaces]))).toEqual([
      [
        [ada, held],
        [cem, undefined],
      ],
    ]);
    expect([ada, ben, cem].map(words)).toEqual([
      'pass, 1 of 1, being saved',
      'not yet, 0 of 1, in Canvas',
      'pass, 1 of 1, being saved',
    ]);
    expect(board.tapAll([ada], false)).toEqual({ busy: [ada], sent: [] });
    expect(writing).toHaveLength(1);
  });

  it('lets go of a tap that was not saved when another takes its place', async () => {
    board.tapAll([ada, ben], false);
    await writing[0]?.fail();
    board.tap(ada, true);
    expect(words(ada)).toBe('pass, 1 of 1, being saved');
    expect(board.counters.unsaved).toBe(1);
    board.saveAgain();
    expect(writing.map(({ taps }) => taps.map(({ student }) => student))).toEqual([[ada, ben], [ada], [ben]]);
  });

  it('waits for the mark before to be written', () => {
    board.tap(ada, true);
    expect(board.tap(ada, false)).toBe('busy');
    expect(writing).toHaveLength(1);
  });
});

describe('rounds', () => {
  const pass = (...students: UserId[]) => {
    for (const student of students) board.tap(student, true);
  };

  it('begin with the first tap after everybody has been seen', () => {
    pass(ada, ben);
    expect(board.counters).toMatchObject({ round: 1, notSeen: 1, isRoundComplete: false });
    pass(cem);
    expect(board.counters).toMatchObject({ round: 1, notSeen: 0, isRoundComplete: true });
    board.tap(ben, false);
    expect(board.counters).toMatchObject({ round: 2, seen: 1, notSeen: 2 });
    expect([words(ada), words(ben)]).toEqual([
      'not seen in this round, pass, 1 of 1, being saved',
      'not yet, 1 of 2, 50 %, being saved',
    ]);
    expect(board.tile(ada).layers).toBe('p');
  });

  it('do not wait for those who are away', () => {
    board.setAway(new Map([[cem, 'absent']]));
    pass(ada, ben);
    expect(board.counters.isRoundComplete).toBe(true);
    board.setAway(new Map());
    expect(board.counters.isRoundComplete).toBe(false);
  });

  it('go back with an undo', async () => {
    pass(ada, ben, cem, ada);
    const mark = await writing[3]?.complete();
    expect(board.counters.round).toBe(2);
    board.follow([{ ...mark!, state: 'WITHDRAWN' }]);
    expect(board.counters).toMatchObject({ round: 1, isRoundComplete: true });
    expect(words(ben)).toBe('pass, 1 of 1, being saved');
  });

  it('are the same when the lesson is read from the disk again', async () => {
    pass(ada, ben, cem, ben);
    const marks = [];
    for (const each of writing) marks.push(await each.complete());
    const again = new LessonBoard({ save: write, newId: () => 'x' as MarkId, now: () => 0 });
    again.setRoster([ada, ben, cem]);
    again.read(marks);
    expect(again.counters).toEqual(board.counters);
    for (const student of [ada, ben, cem]) expect(again.tile(student)).toEqual(board.tile(student));
  });
});

describe('the end of a round', () => {
  const complete = async (n: number) => {
    await writing[n]?.complete(markOf({ ...writing[n].tap, ...untilRoundEnds }));
  };

  it('is told when the last mark of it is on the disk, not when it is painted', async () => {
    for (const student of [ada, ben, cem]) board.tap(student, true);
    await complete(0);
    await complete(1);
    expect(ended).toBe(0);
    await complete(2);
    expect(ended).toBe(1);
  });

  it('is told although the next round began before its last mark was on the disk', async () => {
    for (const student of [ada, ben, cem, ada]) board.tap(student, true);
    for (const n of [0, 1, 2]) await complete(n);
    expect(ended).toBe(0);
    await complete(3);
    expect(ended).toBe(1);
  });

  it('comes when the last one who was not seen is absent', () => {
    board.read([ada, ben].map((student) => markOf({ student, ...untilRoundEnds })));
    expect(ended).toBe(0);
    board.setAway(new Map([[cem, 'absent']]));
    expect(ended).toBe(1);
  });

  it('does not come for an undone mark, and not where no mark waits for it', async () => {
    for (const student of [ada, ben, cem]) board.tap(student, true);
    await complete(0);
    board.follow([{ ...board.marksOf(ada)[0]!, state: 'WITHDRAWN' }]);
    await complete(1);
    await complete(2);
    expect(ended).toBe(0);
    board.tap(ada, true);
    await complete(3);
    expect(ended).toBe(1);
    board.read([ada, ben, cem].map((student) => markOf({ student })));
    expect(ended).toBe(1);
  });
});

describe('a tap that was held back', () => {
  it('is asked about until another tap answers', () => {
    board.setCaught(ada, 'pass');
    expect(words(ada)).toMatch(/second tap held back/);
    board.tap(ada, true);
    expect(words(ada)).not.toMatch(/held back/);
  });
});
