import * as v from 'valibot';
import type { Course, Group, Section } from '#domain/course.ts';
import type { CourseId, GroupId, UserId } from '#domain/ids.ts';
import type { Outcome } from '#domain/outcome.ts';
import type { Student } from '#domain/student.ts';
import { toCourse, toGroup, toLiveAssessment, toOutcome, toPerson, toSection, toStudent } from './mapping.ts';
import type { Person } from './mapping.ts';
import { apiPaths } from './paths.ts';
import type { LiveAssessment } from './results-api.ts';
import {
  assessmentsEnvelope,
  courseSchema,
  groupSchema,
  outcomeLinkSchema,
  rosterSchema,
  sectionSchema,
  userSchema,
} from './schemas.ts';
import type { Wire } from './wire.ts';

/** Ends a read early when the screen that asked has gone. */
export type Until = AbortSignal | undefined;

/** What the screens read from Canvas: whole lists, every page of them or an error, no row twice. */
export interface Neighbours {
  readSelf(until?: Until): Promise<Person>;
  /** Courses of any role; the closed ones, which Canvas shows without a name, are left out. */
  listCourses(until?: Until): Promise<readonly Course[]>;
  /** Active and invited students, in Canvas's order (by sortable name). `groups` is empty here. */
  listStudents(course: CourseId, until?: Until): Promise<readonly Student[]>;
  listSections(course: CourseId, until?: Until): Promise<readonly Section[]>;
  listGroups(course: CourseId, until?: Until): Promise<readonly Group[]>;
  listGroupMembers(group: GroupId, until?: Until): Promise<readonly UserId[]>;
  /** The outcomes that an assessment of this course may be aligned with (contract §5.6). */
  listOutcomes(course: CourseId, until?: Until): Promise<readonly Outcome[]>;
  listAssessments(course: CourseId, until?: Until): Promise<readonly LiveAssessment[]>;
}

/** @throws the CanvasError family, each method */
export function createNeighbours(wire: Wire): Neighbours {
  async function list<S extends v.GenericSchema, T extends { readonly id: string }>(
    schema: S,
    path: string,
    { map, until }: { map: (element: v.InferOutput<S>) => T | undefined; until: Until },
  ): Promise<readonly T[]> {
    const pages = await wire.askAll(v.array(schema), path, until);
    return distinct(pages.flat().map(map));
  }

  return {
    readSelf: async (until) => {
      const { value } = await wire.ask(userSchema, { path: apiPaths.self, signal: until });
      return toPerson(value);
    },
    listCourses: async (until) => list(courseSchema, apiPaths.courses, { map: toCourse, until }),
    listStudents: async (course, until) =>
      list(userSchema, apiPaths.students(course), { map: toStudent, until }),
    listSections: async (course, until) =>
      list(sectionSchema, apiPaths.sections(course), { map: (wire) => toSection(course, wire), until }),
    listGroups: async (course, until) =>
      list(groupSchema, apiPaths.groups(course), { map: (wire) => toGroup(course, wire), until }),
    listGroupMembers: async (group, until) => {
      const pages = await wire.askAll(rosterSchema, apiPaths.groupMembers(group), until);
      return distinct(pages.flat()).map(({ id }) => id);
    },
    listOutcomes: async (course, until) =>
      list(outcomeLinkSchema, apiPaths.outcomeLinks(course), { map: toOutcome, until }),
    listAssessments: async (course, until) => {
      const pages = await wire.askAll(assessmentsEnvelope, apiPaths.assessmentList(course), until);
      return distinct(pages.flatMap(({ assessments }) => assessments.map(toLiveAssessment)));
    },
  };
}

/** Rows shift between pages while somebody enrols; the first sight of an id counts. */
function distinct<T extends { readonly id: string }>(rows: readonly (T | undefined)[]): readonly T[] {
  const byId = new Map<string, T>();
  for (const row of rows) if (row !== undefined && !byId.has(row.id)) byId.set(row.id, row);
  return [...byId.values()];
}
