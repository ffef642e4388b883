import type { UserId } from '#domain/ids.ts';
import { matchesSearch, searchTextOf, tileNameOf } from '#domain/names.ts';
import type { Student } from '#domain/student.ts';
import type { TileStudent } from './roster-tile.tsx';

/** A student as the grid works with them: names split and folded once, when the class is read. */
export interface RosterStudent extends TileStudent {
  readonly searchText: string;
}

export function rosterStudentOf(student: Student): RosterStudent {
  return { id: student.id, name: student.name, ...tileNameOf(student), searchText: searchTextOf(student) };
}

export interface RosterFilter {
  /** Part of a name, as typed. */
  readonly search: string;
  /** Those to show; absent: everybody. */
  readonly only?: ReadonlySet<UserId>;
}

/** Those of the class who are asked for, in the order of the class. */
export function filterRoster(
  students: readonly RosterStudent[],
  { search, only }: RosterFilter,
): readonly RosterStudent[] {
  const isSearching = search.trim() !== '';
  if (!isSearching && only === undefined) return students;
  return students.filter(
    ({ id, searchText }) => (only?.has(id) ?? true) && (!isSearching || matchesSearch(searchText, search)),
  );
}

/**
 * A class that was read again in mid-lesson: nobody changes places under the teacher's finger. Newcomers come at
 * the end; who has left stays until the lesson is opened anew, because marks may stand on the tile.
 */
export function keepPlaces<S extends { readonly id: UserId }>(
  before: readonly S[],
  now: readonly S[],
): readonly S[] {
  const fresh = new Map(now.map((student) => [student.id, student]));
  const stayed = before.map((student) => fresh.get(student.id) ?? student);
  const known = new Set(before.map(({ id }) => id));
  return [...stayed, ...now.filter(({ id }) => !known.has(id))];
}
