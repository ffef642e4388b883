import type { CourseRow, EnrollmentRow, SectionRow, TermRow } from '../tables.ts';

/** Whether somebody's part in a course has yet to begin, is going on, or is over but for looking back. */
export type Standing = 'coming' | 'going on' | 'over';

type Dates = { readonly startAt: number | null; readonly endAt: number | null };

export interface StandingFacts {
  readonly enrollment: Pick<EnrollmentRow, 'state' | 'startAt' | 'endAt'>;
  readonly section: Pick<SectionRow, 'startAt' | 'endAt' | 'restrictsToDates'>;
  readonly course: Pick<CourseRow, 'workflowState' | 'startAt' | 'endAt' | 'restrictsToDates'>;
  readonly term: Pick<TermRow, 'startAt' | 'endAt'>;
}

/** The nearest dates count: the enrollment's own, the section's or course's if they restrict, else the term's. */
export function standingOf(facts: StandingFacts, nowMs: number): Standing {
  const { enrollment, course } = facts;
  if (enrollment.state === 'completed' || course.workflowState === 'completed') return 'over';
  const { startAt, endAt } = datesOf(facts);
  if (endAt !== null && endAt < nowMs) return 'over';
  return startAt !== null && startAt > nowMs ? 'coming' : 'going on';
}

function datesOf({ enrollment, section, course, term }: StandingFacts): Dates {
  if (enrollment.startAt !== null || enrollment.endAt !== null) return enrollment;
  if (section.restrictsToDates === 1) return section;
  return course.restrictsToDates === 1 ? course : term;
}
