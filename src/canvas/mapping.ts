import type { InferOutput } from 'valibot';
import type { Course, CourseRole, Group, Section } from '#domain/course.ts';
import type { CourseId } from '#domain/ids.ts';
import { cleanText } from '#domain/names.ts';
import type { CalculationMethod, Outcome } from '#domain/outcome.ts';
import type { Student } from '#domain/student.ts';
import { defined } from '#lib/defined.ts';
import type { LiveAssessment, ResultRow } from './results-api.ts';
import type {
  assessmentSchema,
  courseSchema,
  groupSchema,
  outcomeLinkSchema,
  resultSchema,
  sectionSchema,
  userSchema,
} from './schemas.ts';

/* From the wire's snake_case to the domain's camelCase, one function a type. */

/** The first of the texts that shows anything, cleaned; a name must never be an empty tile. */
function firstText(...texts: readonly (string | null)[]): string | undefined {
  return texts.map((text) => cleanText(text ?? '')).find((text) => text !== '');
}

/** What to call something whose name Canvas withholds. */
const nameless = (id: string) => `#${id}`;

export function toResultRow(wire: InferOutput<typeof resultSchema>): ResultRow {
  return {
    id: wire.id,
    passed: wire.passed,
    assessedAt: wire.assessed_at,
    student: wire.links.user,
    assessor: wire.links.assessor,
    assessment: wire.links.assessment,
  };
}

export function toLiveAssessment(wire: InferOutput<typeof assessmentSchema>): LiveAssessment {
  return { id: wire.id, key: wire.key, title: wire.title };
}

/** Enrollments through which somebody still belongs to a section (canvas-contract §1.5). */
const presentStates = new Set(['active', 'invited', 'creation_pending']);

export function toStudent(wire: InferOutput<typeof userSchema>): Student {
  const name = firstText(wire.name, wire.short_name, wire.sortable_name) ?? nameless(wire.id);
  const sections = (wire.enrollments ?? [])
    .filter(({ type }) => type === null || type === 'StudentEnrollment')
    .filter(({ enrollment_state: state }) => state === null || presentStates.has(state))
    .flatMap(({ course_section_id: section }) => section ?? []);
  return defined({
    id: wire.id,
    name,
    sortableName: firstText(wire.sortable_name) ?? name,
    shortName: firstText(wire.short_name) ?? name,
    sections: [...new Set(sections)],
    groups: [],
    avatarUrl: imageUrl(wire.avatar_url),
  });
}

function imageUrl(text: string | null): string | undefined {
  return text !== null && /^(https?:\/\/|\/(?!\/))/i.test(text) ? text : undefined;
}

export interface Person {
  readonly id: Student['id'];
  readonly name: string;
  readonly locale?: string;
}

export function toPerson(wire: InferOutput<typeof userSchema>): Person {
  return defined({
    id: wire.id,
    name: firstText(wire.name, wire.short_name) ?? nameless(wire.id),
    locale: wire.effective_locale ?? undefined,
  });
}

const roles = new Map<string, CourseRole>([
  ['teacher', 'teacher'],
  ['ta', 'ta'],
  ['designer', 'designer'],
  ['observer', 'observer'],
  ['student', 'student'],
]);

/** @returns undefined for a course that Canvas shows only as closed by its dates: it cannot be marked in (§5.2) */
export function toCourse(wire: InferOutput<typeof courseSchema>): Course | undefined {
  if (wire.access_restricted_by_date === true) return undefined;
  const types = (wire.enrollments ?? []).map(({ type }) => roles.get(type ?? ''));
  return defined({
    id: wire.id,
    name: firstText(wire.name, wire.course_code) ?? nameless(wire.id),
    originalName: firstText(wire.original_name),
    code: firstText(wire.course_code),
    timeZone: wire.time_zone,
    roles: [...new Set(types)].filter((role) => role !== undefined),
    termName: firstText(wire.term?.name ?? null),
    studentCount: wire.total_students ?? undefined,
  });
}

export function toSection(course: CourseId, wire: InferOutput<typeof sectionSchema>): Section {
  return { id: wire.id, course, name: firstText(wire.name) ?? nameless(wire.id) };
}

export function toGroup(course: CourseId, wire: InferOutput<typeof groupSchema>): Group {
  return { id: wire.id, course, name: firstText(wire.name) ?? nameless(wire.id) };
}

const methods = new Set<string>([
  'highest',
  'latest',
  'average',
  'n_mastery',
  'decaying_average',
  'weighted_average',
  'standard_decaying_average',
] satisfies CalculationMethod[]);

function toMethod(text: string | null): CalculationMethod {
  if (text === null) return 'highest';
  return methods.has(text) ? (text as CalculationMethod) : 'other';
}

export function toOutcome(link: InferOutput<typeof outcomeLinkSchema>): Outcome {
  const { outcome: wire } = link;
  return defined({
    id: wire.id,
    title: firstText(wire.title, wire.display_name) ?? nameless(wire.id),
    displayName: firstText(wire.display_name),
    pointsPossible: wire.points_possible ?? undefined,
    masteryPoints: wire.mastery_points ?? undefined,
    ratings: wire.ratings?.map(({ description, points }) => ({
      description: cleanText(description ?? ''),
      points,
    })),
    calculationMethod: toMethod(wire.calculation_method),
    calculationInt: wire.calculation_int ?? undefined,
    groupTitle: firstText(link.outcome_group?.title ?? null),
  });
}
