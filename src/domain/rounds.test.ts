import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserId } from './ids.ts';
import { RoundCounter } from './rounds.ts';

const ids = (...names: string[]) => new Set(names as UserId[]);
const ada = 'ada' as UserId;
const ben = 'ben' as UserId;
const cem = 'cem' as UserId;

describe('rounds', () => {
  it('is complete when everybody who counts has been marked', () => {
    const rounds = new RoundCounter(ids('ada', 'ben'));
    rounds.add(ada, true);
    expect(rounds.isComplete).toBe(false);
    rounds.add(ben, false);
    expect(rounds).toMatchObject({ number: 1, isComplete: true });
    expect(rounds.hasSeen(ada)).toBe(true);
  });

  it('begins the next round with the next mark, not before', () => {
    const rounds = new RoundCounter(ids('ada', 'ben'));
    rounds.add(ada, true);
    rounds.add(ben, true);
    expect(rounds.add(ben, false)).toBe(true);
    expect(rounds).toMatchObject({ number: 2, isComplete: false });
    expect([rounds.hasSeen(ada), rounds.hasSeen(ben)]).toEqual([false, true]);
  });

  it('does not count several tries of one student as a pass over the class', () => {
    const rounds = new RoundCounter(ids('ada', 'ben'));
    for (let tries = 0; tries < 5; tries += 1) expect(rounds.add(ada, true)).toBe(false);
    expect(rounds).toMatchObject({ number: 1, isComplete: false });
  });

  it('does not wait for somebody who is away, and takes their mark all the same', () => {
    const rounds = new RoundCounter(ids('ada', 'ben'));
    rounds.add(cem, true);
    expect(rounds.isComplete).toBe(false);
    rounds.add(ada, true);
    rounds.add(ben, true);
    expect(rounds.isComplete).toBe(true);
    expect(rounds.hasSeen(cem)).toBe(true);
  });

  it('keeps the last mark of each past round', () => {
    const rounds = new RoundCounter(ids('ada', 'ben'));
    for (const [student, passed] of [
      [ada, true],
      [ada, false],
      [ben, true],
      [ben, true],
      [ada, true],
      [ada, true],
    ] as const)
      rounds.add(student, passed);
    expect(rounds.number).toBe(3);
    expect([rounds.layersOf(ada), rounds.layersOf(ben), rounds.layersOf(cem)]).toEqual(['fp', 'pp', '--']);
  });

  it('is never complete in a class of nobody', () => {
    const rounds = new RoundCounter(ids());
    rounds.add(ada, true);
    expect(rounds).toMatchObject({ number: 1, isComplete: false });
  });

  it('has as many rounds as the least marked student allows', () => {
    const counted = ['a', 'b', 'c', 'd'] as UserId[];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...counted), { maxLength: 60 }), (taps) => {
        const rounds = new RoundCounter(new Set(counted));
        for (const student of taps) rounds.add(student, true);
        const least = Math.min(...counted.map((student) => taps.filter((tap) => tap === student).length));
        expect(rounds.number - 1).toBeLessThanOrEqual(least);
        const seen = counted.filter((student) => rounds.hasSeen(student)).length;
        expect(rounds.isComplete).toBe(seen === counted.length);
      }),
    );
  });
});
