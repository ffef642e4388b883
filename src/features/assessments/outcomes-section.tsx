import { useId } from 'react';
import type { CourseRole } from '#domain/course.ts';
import type { Outcome } from '#domain/outcome.ts';
import { ReadNote } from '#features/read-note.tsx';
import { OutcomeIcon } from '#ui/icons.tsx';
import { EmptyState } from '#ui/notices.tsx';
import { OutcomeList } from './outcome-list.tsx';
import type { Choices } from './use-choices.ts';

interface OutcomesSectionProps {
  readonly choices: Choices;
  readonly onStart: (outcome: Outcome) => void;
}

/** The outcomes of the course that were not begun today, or why there are none. */
export function OutcomesSection({ choices, onStart }: OutcomesSectionProps) {
  const id = useId();
  const { course, outcomesReadAt, outcomesTrouble } = choices;
  return (
    <section className="section" aria-labelledby={id}>
      <h2 id={id}>Outcomes</h2>
      {isAssistantOnly(course?.roles ?? []) && (
        <p className="section-note">
          In many schools Canvas lets only teachers begin an outcome. One that a teacher has begun today can
          be gone on with; a free title always works.
        </p>
      )}
      <Outcomes choices={choices} onStart={onStart} />
      <ReadNote what="Outcomes" readAt={outcomesReadAt} trouble={outcomesTrouble} />
    </section>
  );
}

function Outcomes({ choices, onStart }: OutcomesSectionProps) {
  const { outcomes, outcomesTrouble } = choices;
  if (outcomes === undefined) {
    return outcomesTrouble === undefined ? (
      <p className="section-note">Fetching the outcomes from Canvas…</p>
    ) : (
      <p>They are not on this device yet. You can begin with a free title now.</p>
    );
  }
  if (outcomes.length === 0 && choices.today.length > 0) {
    return <p className="section-note">All of them have been begun today.</p>;
  }
  if (outcomes.length === 0) {
    return (
      <EmptyState icon={<OutcomeIcon />} title="No outcomes are linked to this course">
        <p>Link them in Canvas under Outcomes of the course, or assess with a free title below.</p>
      </EmptyState>
    );
  }
  return <OutcomeList outcomes={outcomes} onStart={onStart} />;
}

/** Without `manage_outcomes` Canvas refuses to align an assessment (canvas-contract §1.4). */
function isAssistantOnly(roles: readonly CourseRole[]): boolean {
  return roles.includes('ta') && !roles.includes('teacher') && !roles.includes('designer');
}
