import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssessmentKey } from '#domain/ids.ts';
import { mostPinned, pinnedOn, pinnedPref, withoutPinned, withPinned } from './pinned.ts';
import type { Pinned } from './pinned.ts';

const day = '2026-11-23';
const key = (name: string) => `${day},title_${name}` as AssessmentKey;
const begun = (name: string, chosenAt: number, date = day) => ({ key: key(name), date, chosenAt });
const names = (shown: readonly { readonly key: AssessmentKey }[]) =>
  shown.map((one) => one.key.replace(/.*_/, ''));
const [a, b, c] = [begun('a', 1), begun('b', 2), begun('c', 3)];

describe('the outcomes of a day', () => {
  it('are those begun on it, until the teacher has chosen; another day begins anew', () => {
    const yesterday = begun('old', 9, '2026-11-22');
    expect(names(pinnedOn(day, pinnedPref.fallback, [a, c, yesterday]))).toEqual(['c', 'a']);
    const kept: Pinned = { day: '2026-11-22', keys: [key('old')], at: 50 };
    expect(names(pinnedOn(day, kept, [a, b]))).toEqual(['b', 'a']);
  });

  it('stay off the grid when taken off, and come back when begun again or pinned', () => {
    const kept = withoutPinned(day, [a, b, c], b.key, 10);
    expect(names(pinnedOn(day, kept, [a, b, c]))).toEqual(['a', 'c']);
    expect(names(pinnedOn(day, kept, [a, { ...b, chosenAt: 11 }, c]))).toEqual(['a', 'c', 'b']);
    const back = withPinned(day, [a, c], b.key, 20);
    expect(names(pinnedOn(day, back, [a, b, c]))).toEqual(['a', 'c', 'b']);
  });

  it('always hold the one being marked, in the place of the last when six stand there', () => {
    const six = Array.from({ length: 6 }, (_, n) => begun(`t${n}`, n + 1));
    const kept: Pinned = { day, keys: six.map((one) => one.key), at: 10 };
    expect(names(pinnedOn(day, kept, [...six, a], a.key))).toEqual(['t0', 't1', 't2', 't3', 't4', 'a']);
    expect(names(pinnedOn(day, withoutPinned(day, [a], a.key, 10), [a], a.key))).toEqual(['a']);
  });

  it('are six at most, each once, whatever was pinned, taken off and begun', () => {
    const pool = Array.from({ length: 9 }, (_, n) => `p${n}`);
    const step = fc.record({
      what: fc.constantFrom('pin', 'unpin', 'begin'),
      which: fc.constantFrom(...pool),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const known = new Map<string, ReturnType<typeof begun>>();
        let kept = pinnedPref.fallback;
        for (const [at, { what, which }] of steps.entries()) {
          if (what === 'begin' || !known.has(which)) known.set(which, begun(which, at + 1));
          const shown = pinnedOn(day, kept, [...known.values()]);
          const change = what === 'pin' ? withPinned : withoutPinned;
          if (what !== 'begin') kept = change(day, shown, key(which), at + 1);
          const after = names(pinnedOn(day, kept, [...known.values()]));
          expect(after.length).toBeLessThanOrEqual(mostPinned);
          expect(new Set(after).size).toBe(after.length);
          if (what === 'pin') expect(after).toContain(which);
          if (what === 'unpin') expect(after).not.toContain(which);
        }
      }),
    );
  });
});
