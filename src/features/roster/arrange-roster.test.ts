import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserId } from '#domain/ids.ts';
import type { Student } from '#domain/student.ts';
import { filterRoster, keepPlaces, rosterStudentOf } from './arrange-roster.ts';

function student(name: string): Student {
  return { id: name as UserId, name, sortableName: name, shortName: name, sections: [], groups: [] };
}
const roster = ['Zoë Smith', 'Ada Lovelace', '<script>alert(1)</script>', 'محمد عبد الله'].map((name) =>
  rosterStudentOf(student(name)),
);
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

describe('filterRoster', () => {
  it('shows everybody when nothing is asked for', () => {
    expect(filterRoster(roster, { search: '  ' })).toBe(roster);
  });

  it('finds any part of a name, accents ignored', () => {
    expect(names(filterRoster(roster, { search: 'ZOE' }))).toEqual(['Zoë Smith']);
    expect(names(filterRoster(roster, { search: 'love' }))).toEqual(['Ada Lovelace']);
    expect(names(filterRoster(roster, { search: 'عبد' }))).toEqual(['محمد عبد الله']);
  });

  it('shows those it is told to, and among them those searched for', () => {
    const only = new Set(['Ada Lovelace', 'Zoë Smith'] as UserId[]);
    expect(names(filterRoster(roster, { search: '', only }))).toEqual(['Zoë Smith', 'Ada Lovelace']);
    expect(names(filterRoster(roster, { search: 'a', only }))).toEqual(['Ada Lovelace']);
  });
});

describe('keepPlaces', () => {
  const ids = fc.uniqueArray(
    fc.integer({ min: 0, max: 30 }).map((n) => ({ id: `s${n}` as UserId })),
    {
      selector: ({ id }) => id,
    },
  );

  it('leaves everybody where they were and puts newcomers at the end', () => {
    fc.assert(
      fc.property(ids, ids, (before, now) => {
        const kept = keepPlaces(before, now).map(({ id }) => id);
        expect(kept.slice(0, before.length)).toEqual(before.map(({ id }) => id));
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept).toEqual(expect.arrayContaining(now.map(({ id }) => id)));
      }),
    );
  });

  it('takes a new spelling of a name', () => {
    const [kept] = keepPlaces([student('Zoe')], [{ ...student('Zoe'), name: 'Zoë' }]);
    expect(kept?.name).toBe('Zoë');
  });
});
