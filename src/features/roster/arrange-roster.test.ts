import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserId } from '#domain/ids.ts';
import type { Student } from '#domain/student.ts';
import { anyText } from '#testing/any-text.ts';
import { buildStudent } from '#testing/build-student.ts';
import { filterRoster, keepPlaces, rosterStudentOf, sortRoster } from './arrange-roster.ts';
import { rosterSorts } from './lesson-prefs.ts';

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

describe('the order of the class', () => {
  const student = fc
    .record({ n: fc.nat({ max: 500 }), name: anyText(12), family: anyText(12) })
    .map(({ n, name, family }) =>
      buildStudent(String(n), { name: `A${name}`, sortableName: `${family}, ${name}` }),
    );
  const someClass = fc.uniqueArray(student, { selector: ({ id }) => id, maxLength: 40 });
  const order = fc.constantFrom(...rosterSorts);
  const idsOf = (students: readonly Student[]) => students.map(({ id }) => id);
  const triesOf = (id: UserId) => Number(id) % 5;

  it('loses nobody and invents nobody, whatever the order', () => {
    fc.assert(
      fc.property(someClass, order, fc.nat(), (students, sort, seed) => {
        expect(idsOf(sortRoster(students, { sort, seed }, triesOf)).sort()).toEqual(idsOf(students).sort());
      }),
    );
  });

  it('does not depend on the order Canvas told it in', () => {
    fc.assert(
      fc.property(someClass, order, fc.nat(), (students, sort, seed) => {
        const chosen = { sort, seed };
        expect(idsOf(sortRoster([...students].reverse(), chosen, triesOf))).toEqual(
          idsOf(sortRoster(students, chosen, triesOf)),
        );
      }),
    );
  });

  it('puts the least seen first', () => {
    fc.assert(
      fc.property(someClass, (students) => {
        const tries = idsOf(sortRoster(students, { sort: 'least-seen', seed: 1 }, triesOf)).map(triesOf);
        expect(tries).toEqual([...tries].sort((a, b) => a - b));
      }),
    );
  });

  it('shuffles anew with another seed', () => {
    const students = Array.from({ length: 28 }, (_, n) => buildStudent(String(n)));
    const shuffled = (seed: number) => idsOf(sortRoster(students, { sort: 'shuffle', seed }, triesOf));
    expect(shuffled(1)).toEqual(shuffled(1));
    expect(shuffled(1)).not.toEqual(shuffled(2));
  });
});
