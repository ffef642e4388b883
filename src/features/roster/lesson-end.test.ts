import { describe, expect, it } from 'vitest';
import type { UserId } from '#domain/ids.ts';
import { lessonEnd, safeToCloseWords } from './lesson-end.ts';
import { tileOf } from './tile-facts.ts';
import type { TileFacts } from './tile-facts.ts';

const blank = tileOf({ marks: [], taps: [], away: undefined, round: { isSeen: false, layers: '' } });
const tiles: Record<string, Partial<TileFacts>> = {
  ada: { last: 'pass', passes: 3, tries: 4 },
  ben: { last: 'pass', passes: 1, tries: 2 },
  cem: { last: 'fail', passes: 2, tries: 3 },
  dan: {},
  eve: { away: 'absent' },
};
const board = { tile: (id: UserId): TileFacts => ({ ...blank, ...tiles[id] }) };
const students = Object.keys(tiles).map((id) => ({ id: id as UserId }));
const ids = (list: readonly { id: UserId }[]) => list.map(({ id }) => id);

describe('the end of a lesson', () => {
  it('names who was not seen and who is below the threshold', () => {
    const end = lessonEnd(board, students, 0.6);
    expect(end.seen).toBe(3);
    expect(ids(end.notSeen)).toEqual(['dan']);
    expect(ids(end.toReteach)).toEqual(['ben']);
    expect(ids(end.away)).toEqual(['eve']);
  });

  it('goes by the last mark where there is no threshold', () => {
    expect(ids(lessonEnd(board, students, null).toReteach)).toEqual(['cem']);
  });

  it('never calls it all in Canvas while something waits', () => {
    const nothing = { unsaved: 0, isAnyUnsaved: false, isSaving: false, waiting: 0, needsYou: 0 };
    expect(safeToCloseWords(nothing)).toBe('All in Canvas. Safe to close.');
    expect(safeToCloseWords({ ...nothing, waiting: 1 })).toMatch(
      /^Safe to close: 1 mark is kept on this device/,
    );
    expect(safeToCloseWords({ ...nothing, needsYou: 1 })).toMatch(/needs you/);
    expect(safeToCloseWords({ ...nothing, isSaving: true })).toMatch(/being saved/);
    expect(safeToCloseWords({ ...nothing, isAnyUnsaved: true })).toMatch(/^Marks of another assessment/);
    expect(safeToCloseWords({ ...nothing, unsaved: 1 })).toMatch(/^1 mark is not saved\..* lost\.$/);
    expect(safeToCloseWords({ ...nothing, unsaved: 2, waiting: 3, needsYou: 1 })).toMatch(/^2 marks are not/);
  });
});
