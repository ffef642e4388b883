import { describe, expect, it } from 'vitest';
import type { MarkId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { buildMark } from '#testing/build-mark.ts';
import { tileOf } from './tile-facts.ts';
import type { OpenTap } from './tile-facts.ts';
import { wordsForTile } from './tile-words.ts';

function marks(...changes: Partial<Mark>[]): Mark[] {
  return changes.map((change, index) => ({ ...buildMark(change), seq: index + 1 }));
}
function tap(passed: boolean, state: OpenTap['state']): OpenTap {
  return { id: `${state}-${passed ? 'pass' : 'fail'}` as MarkId, passed, state };
}
function words(list: Mark[], taps: OpenTap[] = [], away?: 'absent', threshold: number | null = null): string {
  const round = { isSeen: list.length > 0, layers: '' };
  return wordsForTile(tileOf({ marks: list, taps, away, round }), threshold);
}

describe('tileOf, in the words of the tile', () => {
  it('says that nobody has looked yet', () => {
    expect(words([])).toBe('not seen');
  });

  it('shows the last mark, counts all of them and says where the last one is', () => {
    expect(
      words(
        marks({ passed: false, state: 'CONFIRMED' }, { passed: true, state: 'QUEUED' }, { passed: true }),
      ),
    ).toBe('pass, 2 of 3, 67 %, saved here');
    expect(words(marks({ passed: false, state: 'QUEUED' }))).toBe('not yet, 0 of 1, waiting');
    expect(words(marks({ passed: false, state: 'INFLIGHT' }))).toBe('not yet, 0 of 1, waiting');
    expect(words(marks({ state: 'UNKNOWN' }))).toBe('pass, 1 of 1, checking with Canvas');
    expect(words(marks({ state: 'CONFIRMED' }))).toBe('pass, 1 of 1, in Canvas');
    expect(words(marks({ state: 'HANDED_OVER' }))).toBe('pass, 1 of 1, in the rescue file');
  });

  it('says saved only of marks on the disk', () => {
    expect(words(marks({ state: 'CONFIRMED' }), [tap(false, 'saving')])).toBe(
      'not yet, 1 of 2, 50 %, being saved',
    );
  });

  it('does not count a tap that could not be saved, and says so', () => {
    expect(words(marks({ state: 'CONFIRMED' }), [tap(false, 'failed')])).toBe(
      'pass, 1 of 1, in Canvas, not yet was not saved',
    );
    expect(words([], [tap(true, 'failed')])).toBe('not seen, pass was not saved');
  });

  it('forgets marks that were undone', () => {
    expect(words(marks({ state: 'CONFIRMED' }, { passed: false, state: 'WITHDRAWN' }))).toBe(
      'pass, 1 of 1, in Canvas',
    );
  });

  it('shows a refused mark as needing the teacher, and does not count it', () => {
    expect(words(marks({ state: 'CONFIRMED' }, { state: 'REJECTED', passed: false }))).toBe(
      'not yet, 1 of 1, needs you',
    );
    expect(words(marks({ state: 'REJECTED' }))).toBe('pass, needs you');
    expect(words(marks({ state: 'REJECTED' }, { state: 'CONFIRMED' }))).toBe(
      'pass, 1 of 1, in Canvas, an earlier mark needs you',
    );
  });

  it('forgets a refused mark once the teacher has decided', () => {
    const resolution = { kind: 'discarded', note: 'wrong class', at: 1 } as const;
    expect(words(marks({ state: 'REJECTED', resolution }))).toBe('not seen');
  });

  it('says whether the outcome is mastered, by its threshold', () => {
    const passed = marks({ passed: true }, { passed: true }, { passed: false });
    expect(words(passed, [], undefined, 0.6)).toBe('not yet, 2 of 3, 67 %, mastered, saved here');
    expect(words(passed, [], undefined, 0.7)).toBe('not yet, 2 of 3, 67 %, saved here');
    expect(words(marks({}), [], undefined, 0.6)).toBe('pass, 1 of 1, mastered, saved here');
  });

  it('counts a tap that takes the place of an unsent mark once', () => {
    const [mark] = marks({ passed: true });
    const replacing = { ...tap(false, 'saving'), replaces: mark!.id };
    expect(words([mark!], [replacing])).toBe('not yet, 0 of 1, being saved');
  });

  it('asks again about a tap that was held back', () => {
    const round = { isSeen: true, layers: '' };
    const facts = tileOf({ marks: marks({}), taps: [], away: undefined, round, caught: 'pass' });
    expect(wordsForTile(facts)).toBe('pass, 1 of 1, saved here, second tap held back, tap again to add it');
  });

  it('says that somebody has not been seen in this round', () => {
    const round = { isSeen: false, layers: 'p' };
    const facts = tileOf({ marks: marks({ state: 'CONFIRMED' }), taps: [], away: undefined, round });
    expect(wordsForTile(facts)).toBe('not seen in this round, pass, 1 of 1, in Canvas');
  });

  it('names why somebody is not counted, and keeps what was marked before', () => {
    expect(words([], [], 'absent')).toBe('absent, not counted');
    expect(words(marks({ state: 'CONFIRMED' }), [], 'absent')).toBe(
      'absent, not counted, pass, 1 of 1, in Canvas',
    );
  });
});
