import { useLocation } from 'wouter';
import type { CourseId } from '#domain/ids.ts';
import { UnknownCourse } from '#features/unknown-course.tsx';
import { classPath, coursesPath } from '#features/paths.ts';
import { tellNotKept } from '#features/tell-not-kept.ts';
import { PageFrame } from '#ui/page-frame.tsx';
import { BegunList } from './begun-list.tsx';
import { OutcomesSection } from './outcomes-section.tsx';
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
      tellNotKept();
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
      <OutcomesSection choices={choices} onStart={(outcome) => void start({ kind: 'outcome', outcome })} />
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
