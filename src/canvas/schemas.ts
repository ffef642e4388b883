import * as v from 'valibot';
import { isCanvasId } from '#domain/ids.ts';
import type {
  AssessmentId,
  AssessmentKey,
  CourseId,
  GroupId,
  OutcomeId,
  ResultId,
  SectionId,
  UserId,
} from '#domain/ids.ts';

/*
 * Canvas's JSON as it comes over the wire, snake_case, only the fields this app reads (canvas-contract §1.1,
 * §2, §5). Ids, and whatever decides whether a list is complete, are checked strictly; a field that is only
 * shown falls back to null when it is of the wrong type, so that one odd avatar never hides a class.
 */

/**
 * An id as a decimal string. A JSON number is taken while it is exact; one beyond 2^53 has already been
 * rounded by the JSON parser, names somebody else, and is refused.
 */
function id<Id extends string>() {
  return v.pipe(
    v.custom<string | number>((value) =>
      typeof value === 'number'
        ? Number.isSafeInteger(value) && value > 0
        : typeof value === 'string' && isCanvasId(value),
    ),
    v.transform((value) => String(value) as Id),
  );
}

/** A field that is only shown: missing, null or of a wrong type becomes null. */
function shown<const S extends v.GenericSchema>(schema: S) {
  return v.fallback(v.nullish(schema, null), null);
}

const text = v.string();
const number = v.custom<number>(Number.isFinite);
const count = v.custom<number>((value) => Number.isSafeInteger(value) && Number(value) >= 0);

export const resultLinksSchema = v.object({
  user: id<UserId>(),
  assessor: id<UserId>(),
  assessment: id<AssessmentId>(),
});

export const resultSchema = v.object({
  id: id<ResultId>(),
  passed: v.boolean(),
  assessed_at: text,
  links: resultLinksSchema,
});

export const assessmentSchema = v.object({
  id: id<AssessmentId>(),
  key: v.custom<AssessmentKey>((value) => typeof value === 'string'),
  title: text,
});

/** `meta.pagination` of the two Live Assessments lists. A `next` that is no text is refused: it decides completeness. */
export const metaSchema = v.nullish(
  v.object({ pagination: v.nullish(v.object({ next: v.nullish(text), count: shown(count) })) }),
);

export const resultsEnvelope = v.object({ results: v.array(resultSchema), meta: metaSchema });
export const assessmentsEnvelope = v.object({ assessments: v.array(assessmentSchema), meta: metaSchema });

export const enrollmentSchema = v.object({
  type: shown(text),
  enrollment_state: shown(text),
  course_section_id: v.nullish(id<SectionId>()),
});

export const userSchema = v.object({
  id: id<UserId>(),
  name: shown(text),
  sortable_name: shown(text),
  short_name: shown(text),
  avatar_url: shown(text),
  effective_locale: shown(text),
  enrollments: v.nullish(v.array(enrollmentSchema)),
});

/** A list of users of whom only the id is asked. */
export const rosterSchema = v.array(v.object({ id: id<UserId>() }));

export const courseSchema = v.object({
  id: id<CourseId>(),
  name: shown(text),
  original_name: shown(text),
  course_code: shown(text),
  time_zone: shown(text),
  access_restricted_by_date: shown(v.boolean()),
  total_students: shown(count),
  term: shown(v.object({ name: shown(text) })),
  /** The caller's own, with the short type: `teacher`, `ta`, … */
  enrollments: shown(v.array(v.object({ type: shown(text) }))),
});

export const sectionSchema = v.object({ id: id<SectionId>(), name: shown(text) });
export const groupSchema = v.object({ id: id<GroupId>(), name: shown(text) });

export const outcomeSchema = v.object({
  id: id<OutcomeId>(),
  title: shown(text),
  display_name: shown(text),
  points_possible: shown(number),
  mastery_points: shown(number),
  ratings: shown(v.array(v.object({ description: shown(text), points: number }))),
  calculation_method: shown(text),
  calculation_int: shown(number),
});

/** One entry of `outcome_group_links` with `outcome_style=full`. */
export const outcomeLinkSchema = v.object({
  outcome: outcomeSchema,
  outcome_group: shown(v.object({ title: shown(text) })),
});

const sessionFacts = { host: text, schoolName: text, sample: v.boolean() };
/** `SessionAnswer` of gateway-wire.ts. */
export const sessionSchema = v.union([
  v.object({ signedIn: v.literal(false), ...sessionFacts, unfinished: v.exactOptional(text) }),
  v.object({
    signedIn: v.literal(true),
    ...sessionFacts,
    user: v.object({ id: id<UserId>(), name: text, locale: v.nullable(text) }),
  }),
]);

/** Nothing in it matters: the status says that the session has ended. */
export const signedOutSchema = v.unknown();

/** `InquiryAnswer` of gateway-wire.ts. */
export const inquirySchema = v.union([
  v.object({ knows: v.literal('answered'), status: count }),
  v.object({ knows: v.literal('running') }),
  v.object({ knows: v.literal('never-forwarded') }),
  v.object({ knows: v.literal('unknown') }),
]);

/** The body of `POST …/results`. */
export interface WireResultsRequest {
  readonly results: readonly {
    readonly passed: boolean;
    readonly assessed_at: string;
    readonly links: { readonly user: string };
  }[];
}

/** The body of `POST …/live_assessments`. */
export interface WireAssessmentsRequest {
  readonly assessments: readonly {
    readonly key: string;
    readonly title: string;
    readonly links?: { readonly outcome: string };
  }[];
}
