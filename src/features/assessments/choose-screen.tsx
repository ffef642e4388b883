import { useLocation } from 'wouter';
import type { CourseRole } from '#domain/course.ts';
import type { CourseId } from '#domain/ids.ts';
import { UnknownCourse } from '#features/unknown-course.tsx';
import { classPath, coursesPath } from '#features/paths.ts';
import { ReadNote } from '#features/read-note.tsx';
import { OutcomeIcon } from '#ui/icons.tsx';
import { EmptyState } from '#ui/notices.tsx';
import { PageFrame } from '#ui/page-frame.tsx';
import { showToast } from '#ui/toast-store.ts';
import { BegunList } from './begun-list.tsx';
import { OutcomeList } from './outcome-list.tsx';
import { TitleForm } from './title-form.tsx';
import { useBegin } from './use-begin.ts';
import type { Beginning } from './use-begin.ts';
import { useChoices } from './use-choices.ts';
import type { Choices } from './use-choices.ts';

/** What is assessed in this lesson. Choosing begins it on this device at once, network or not. */
export function ChooseScreen({ course }: { readonly course: CourseId }) {
  const choices = useChoices(course);
  if (choices === undefined) return null;
  if (choices.course === undefined) {
    return (
      <PageFrame title="Unknown course" back={{ href: coursesPath, label: 'All courses' }}>
        <UnknownCourse />
      </PageFrame>
    );
  }
  return <ChooseIn course={course} choices={choices} known={choices.course} />;
}

interface ChooseInProps {
  readonly course: CourseId;
  readonly choices: Choices;
  readonly known: NonNullable<Choices['course']>;
}

function ChooseIn({ course, choices, known }: ChooseInProps) {
  const [, navigate] = useLocation();
  const begin = useBegin(known);

  async function start(beginning: Beginning) {
    try {
      const { key } = await begin(beginning);
      navigate(classPath(course, key));
    } catch {
      showToast({ words: 'This device could not keep it. Free some space, then try again.' });
    }
  }

  return (
    <PageFrame
      title={known.name}
      back={{ href: coursesPath, label: 'All courses' }}
      lead="What do you assess today?"
    >
      {choices.today.length > 0 && (
        <BegunList
          heading="Today"
          assessments={choices.today}
          onStart={(assessment) => void start({ kind: 'begun', assessment })}
        />
      )}
      <section className="section" aria-labelledby="outcomes-heading">
        <h2 id="outcomes-heading">Outcomes</h2>
        {isAssistantOnly(known.roles) && (
          <p className="section-note">
            In many schools Canvas lets only teachers begin an outcome. One that a teacher has begun stands
            under Today; a free title always works.
          </p>
        )}
        <Outcomes choices={choices} onStart={(beginning) => void start(beginning)} />
        <ReadNote what="Outcomes" readAt={choices.outcomesReadAt} trouble={choices.outcomesTrouble} />
      </section>
      <TitleForm onStart={(title) => void start({ kind: 'title', title })} />
      {choices.earlier.length > 0 && (
        <details className="section">
          <summary>Earlier, on this device</summary>
          <BegunList
            assessments={choices.earlier.map((one) => ({ ...one, here: true }))}
            onStart={(assessment) => void start({ kind: 'begun', assessment })}
          />
        </details>
      )}
    </PageFrame>
  );
}

interface OutcomesProps {
  readonly choices: Choices;
  readonly onStart: (beginning: Beginning) => void;
}

function Outcomes({ choices, onStart }: OutcomesProps) {
  const { outcomes, outcomesTrouble } = choices;
  if (outcomes === undefined) {
    return outcomesTrouble === undefined ? (
      <p className="section-note">Fetching the outcomes from Canvas…</p>
    ) : (
      <p>They are not on this device yet. You can begin with a free title now.</p>
    );
  }
  if (outcomes.length === 0 && choices.today.length > 0) {
    return <p className="section-note">All of them have been begun; they stand under Today.</p>;
  }
  if (outcomes.length === 0) {
    return (
      <EmptyState icon={<OutcomeIcon />} title="No outcomes are linked to this course">
        <p>Link them in Canvas under Outcomes of the course, or assess with a free title below.</p>
      </EmptyState>
    );
  }
  return (
    <OutcomeList
      outcomes={outcomes}
      onStart={(outcome) => {
        onStart({ kind: 'outcome', outcome });
      }}
    />
  );
}

/** Without `manage_outcomes` Canvas refuses to align an assessment (canvas-contract §1.4). */
function isAssistantOnly(roles: readonly CourseRole[]): boolean {
  return roles.includes('ta') && !roles.includes('teacher') && !roles.includes('designer');
}
