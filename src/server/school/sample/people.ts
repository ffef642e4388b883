import { foldForSearch } from '../people/search.ts';
import type { UserRow } from '../tables.ts';
import { samplePeople } from './ids.ts';
import { type SampleName, sampleName } from './names.ts';

/** When the sample school was founded; all its rows say so. */
export const FOUNDED_MS = Date.parse('2026-08-24T07:00:00Z');

/** Grown-ups and other people one can sign in as. */
const namedPeople: readonly (SampleName & Partial<UserRow> & { id: string; login: string | null })[] = [
  {
    id: samplePeople.teacher,
    login: 'teacher',
    name: 'Miriam Aalto',
    sortableName: 'Aalto, Miriam',
    shortName: 'Ms Aalto',
    timeZone: 'Europe/Amsterdam',
  },
  {
    id: samplePeople.coteacher,
    login: 'coteacher',
    name: 'Samuel Adjei',
    sortableName: 'Adjei, Samuel',
    shortName: 'Mr Adjei',
  },
  {
    id: samplePeople.ta,
    login: 'ta',
    name: 'Léa Fontaine',
    sortableName: 'Fontaine, Léa',
    shortName: 'Léa',
    timeZone: 'America/Denver',
  },
  {
    id: samplePeople.designer,
    login: 'designer',
    name: 'Rosa Quintero Díaz',
    sortableName: 'Quintero Díaz, Rosa',
    shortName: 'Rosa',
  },
  {
    id: samplePeople.observer,
    login: 'observer',
    name: 'Hassan Darwish',
    sortableName: 'Darwish, Hassan',
    shortName: 'Hassan Darwish',
  },
  {
    id: samplePeople.admin,
    login: 'admin',
    name: 'Greta Holm',
    sortableName: 'Holm, Greta',
    shortName: 'Greta Holm',
    isAdmin: 1,
  },
  {
    id: samplePeople.testStudent,
    login: null,
    name: 'Test Student',
    sortableName: 'Student, Test',
    shortName: 'Test Student',
  },
];

/** Children whose ids are fixed, by their place in the list of names. */
const fixedIds: ReadonlyMap<number, string> = new Map([
  [1, samplePeople.bigId],
  [14, samplePeople.student],
  [263, samplePeople.hasLeft],
  [264, samplePeople.isInactive],
]);

const CHILDREN = 265;

/** The id of the n-th child. */
export function childId(n: number): string {
  return fixedIds.get(n) ?? String(1000 + n);
}

/** Everybody in the sample school. */
export function samplePeopleRows(): UserRow[] {
  const children = Array.from({ length: CHILDREN }, (_, n) => {
    const id = childId(n);
    return user({
      id,
      ...sampleName(n),
      login: id === samplePeople.student ? 'student' : null,
      sisUserId: `S${String(1000 + n)}`,
    });
  });
  return [...namedPeople.map(user), ...children];
}

function user(person: SampleName & Partial<UserRow> & { id: string; login: string | null }): UserRow {
  return {
    email: person.login === null ? null : `${person.login}@willow-lane.example`,
    sisUserId: null,
    timeZone: null,
    locale: null,
    avatarUrl: null,
    isAdmin: 0,
    isDeleted: 0,
    createdAt: FOUNDED_MS,
    searchText: foldForSearch(`${person.name} ${person.login ?? ''}`),
    ...person,
  };
}
