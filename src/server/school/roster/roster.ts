import type { EnrollmentState, EnrollmentType } from '../tables.ts';
import type { Place } from './problems.ts';

/*
 * A roster as any format says it. People, courses and the rest are named by the ids of the program they come from.
 */

export interface Roster {
  /** Absent when the files do not say. */
  readonly schoolName?: string;
  readonly terms: readonly TermEntry[];
  readonly courses: readonly CourseEntry[];
  readonly sections: readonly SectionEntry[];
  readonly people: readonly PersonEntry[];
  readonly places: readonly PlaceEntry[];
  /**
   * Sections whose list of people is whole: whoever has a place in one and is not on it has left. Absent: none is,
   * since the files tell changes alone.
   */
  readonly wholeSections: ReadonlySet<string>;
}

export interface TermEntry {
  readonly at: Place;
  readonly sisId: string;
  readonly name: string;
  readonly startAt: number | null;
  readonly endAt: number | null;
}

export interface CourseEntry {
  readonly at: Place;
  readonly sisId: string;
  readonly name: string;
  readonly code: string;
  /** Null: the school's own term without dates. */
  readonly term: string | null;
  readonly isOver: boolean;
  readonly startAt: number | null;
  readonly endAt: number | null;
}

export interface SectionEntry {
  readonly at: Place;
  readonly sisId: string;
  readonly course: string;
  readonly name: string;
  readonly startAt: number | null;
  readonly endAt: number | null;
}

export interface PersonEntry {
  readonly at: Place;
  readonly sisId: string;
  readonly login: string | null;
  readonly name: string;
  readonly sortableName: string;
  readonly shortName: string;
  readonly email: string | null;
  /** Undefined: stays what it is. */
  readonly isAdmin?: boolean;
  /** No longer at the school: their places end and their tokens die; they themselves stay, for their results. */
  readonly hasLeft: boolean;
}

/** That somebody is something in a section: an enrollment. */
export interface PlaceEntry {
  readonly at: Place;
  readonly person: string;
  readonly section: string;
  readonly type: EnrollmentType;
  readonly state: EnrollmentState;
  readonly startAt: number | null;
  readonly endAt: number | null;
  /** Whom an observer observes. */
  readonly observed: string | null;
  readonly limitsToSection: boolean;
}
