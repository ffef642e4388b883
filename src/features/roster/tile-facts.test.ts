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
function words(list: Mark[], taps: OpenTap[] = [], away?: 'absent'): string {
  return wordsForTile(tileOf({ marks: list, taps, away }));
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
    ).toBe('pass, 2 of 3, saved here');
    expect(words(marks({ passed: false, state: 'QUEUED' }))).toBe('not yet, 0 of 1, waiting');
    expect(words(marks({ passed: false, state: 'INFLIGHT' }))).toBe('not yet, 0 of 1, waiting');
    expect(words(marks({ state: 'UNKNOWN' }))).toBe('pass, 1 of 1, checking with Canvas');
    expect(words(marks({ state: 'CONFIRMED' }))).toBe('pass, 1 of 1, in Canvas');
    expect(words(marks({ state: 'HANDED_OVER' }))).toBe('pass, 1 of 1, in the rescue file');
  });

  it('says saved only of marks on the disk', () => {
    expect(words(marks({ state: 'CONFIRMED' }), [tap(false, 'saving')])).toBe('not yet, 1 of 2, being saved');
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

  it('names why somebody is not counted, and keeps what was marked before', () => {
    expect(words([], [], 'absent')).toBe('absent, not counted');
    expect(words(marks({ state: 'CONFIRMED' }), [], 'absent')).toBe(
      'absent, not counted, pass, 1 of 1, in Canvas',
    );
  });
});
