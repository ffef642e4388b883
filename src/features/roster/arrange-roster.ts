import type { GroupId, SectionId, UserId } from '#domain/ids.ts';
import { compareStudents, initialsOf, matchesSearch, searchTextOf, tileNameOf } from '#domain/names.ts';
import type { Student } from '#domain/student.ts';
import { shortHash } from '#lib/hash.ts';
import type { RosterView } from './lesson-prefs.ts';
import type { TileStudent } from './roster-tile.tsx';

/** A student as the grid works with them: names split and folded once, when the class is read. */
export interface RosterStudent extends TileStudent {
  readonly searchText: string;
  readonly sections: readonly SectionId[];
  readonly groups: readonly GroupId[];
}

export function rosterStudentOf(student: Student): RosterStudent {
  const { id, name, sections, groups } = student;
  return {
    id,
    name,
    ...tileNameOf(student),
    initials: initialsOf(student),
    ...pictureOf(student),
    searchText: searchTextOf(student),
    sections,
    groups,
  };
}

/** Where Canvas has no picture of somebody it names one of these, the same for all. */
const noPicture = /\/(avatar-50|dotted_pic|messages\/avatar)/;

/** Only what our own origin serves: the browser refuses to ask anybody else (content security policy). */
export function pictureOf({ avatarUrl }: Student): { readonly picture?: string } {
  const isOurs = avatarUrl?.startsWith('/') === true || avatarUrl?.startsWith(`${ourOrigin()}/`) === true;
  return avatarUrl !== undefined && isOurs && !noPicture.test(avatarUrl) ? { picture: avatarUrl } : {};
}

function ourOrigin(): string {
  return typeof location === 'undefined' ? '' : location.origin;
}

/**
 * The class in the order that was chosen.
 * @param triesOf how often each has been marked, as of now: nobody changes places when that changes
 */
export function sortRoster(
  students: readonly Student[],
  { sort, seed }: Pick<RosterView, 'sort' | 'seed'>,
  triesOf: (student: UserId) => number,
): readonly Student[] {
  switch (sort) {
    case 'family':
    case 'first':
      return [...students].sort(compareStudents(sort));
    case 'least-seen': {
      const byName = compareStudents('family');
      return [...students].sort((a, b) => triesOf(a.id) - triesOf(b.id) || byName(a, b));
    }
    case 'shuffle': {
      const places = new Map(students.map(({ id }) => [id, shortHash(`${seed} ${id}`)]));
      const place = (id: UserId) => places.get(id) ?? '';
      return [...students].sort((a, b) => (place(a.id) < place(b.id) ? -1 : 1));
    }
  }
}

export interface RosterFilter {
  /** Part of a name, as typed. */
  readonly search: string;
  /** Those to show; undefined: everybody. */
  readonly only?: ReadonlySet<UserId> | undefined;
  readonly section?: string | null;
  readonly group?: string | null;
}

/** Those of the class who are asked for, in the order of the class. */
export function filterRoster(
  students: readonly RosterStudent[],
  { search, only, section = null, group = null }: RosterFilter,
): readonly RosterStudent[] {
  const isSearching = search.trim() !== '';
  if (!isSearching && only === undefined && section === null && group === null) return students;
  return students.filter(
    (student) =>
      (only?.has(student.id) ?? true) &&
      (section === null || student.sections.includes(section as SectionId)) &&
      (group === null || student.groups.includes(group as GroupId)) &&
      (!isSearching || matchesSearch(student.searchText, search)),
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
