import { useId } from 'react';
import { useLocation } from 'wouter';
import { dayIn } from '#domain/day.ts';
import type { AssessmentKey } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import { BegunList } from '#features/assessments/begun-list.tsx';
import { OutcomesSection } from '#features/assessments/outcomes-section.tsx';
import { TitleForm } from '#features/assessments/title-form.tsx';
import { useBegin } from '#features/assessments/use-begin.ts';
import type { Beginning } from '#features/assessments/use-begin.ts';
import { useChoices } from '#features/assessments/use-choices.ts';
import type { Choices } from '#features/assessments/use-choices.ts';
import { classPath } from '#features/paths.ts';
import { shortTitle } from '#features/short-title.ts';
import { tellNotKept } from '#features/tell-not-kept.ts';
import { systemClock } from '#lib/clock.ts';
import type { CourseRecord, LocalAssessment } from '#store/classroom.ts';
import { useLive } from '#store/use-live.ts';
import { Button } from '#ui/button.tsx';
import { mostPinned, pinnedOn, pinnedPref, withoutPinned, withPinned } from './pinned.ts';
import type { SheetLesson } from './sheet-lesson.ts';

interface OutcomesSheetProps {
  readonly lesson: SheetLesson;
  readonly onClose: () => void;
}

/** What stands at the top of the grid today: taking one off, adding another. All from this device, network or not. */
export function OutcomesSheet({ lesson, onClose }: OutcomesSheetProps) {
  const choices = useChoices(lesson.course);
  if (choices?.course === undefined) return null;
  return <OutcomesOf course={choices.course} {...{ choices, lesson, onClose }} />;
}

interface OutcomesOfProps extends OutcomesSheetProps {
  readonly course: CourseRecord;
  readonly choices: Choices;
}

function OutcomesOf({ course, choices, lesson, onClose }: OutcomesOfProps) {
  const { shown, begin, takeOff } = usePinned(course, lesson.assessmentKey, onClose);
  const isFull = shown.length >= mostPinned;
  const others = choices.today.filter(({ key }) => !shown.some((one) => one.key === key));
  return (
    <div className="outcomes-sheet">
      {shown.length > 0 && <OnTheGrid shown={shown} current={lesson.assessmentKey} onTakeOff={takeOff} />}
      {isFull ? (
        <p>Six stand on the grid, and no more fit. Take one off to add another; its marks stay.</p>
      ) : (
        <>
          {others.length > 0 && (
            <BegunList
              heading="Begun today"
              assessments={others}
              onStart={(assessment) => void begin({ kind: 'begun', assessment })}
            />
          )}
          <OutcomesSection
            choices={choices}
            onStart={(outcome) => void begin({ kind: 'outcome', outcome })}
          />
          <TitleForm onStart={(title) => void begin({ kind: 'title', title })} />
        </>
      )}
    </div>
  );
}

interface OnTheGridProps {
  readonly shown: readonly LocalAssessment[];
  readonly current: AssessmentKey;
  readonly onTakeOff: (key: AssessmentKey) => void;
}

function OnTheGrid({ shown, current, onTakeOff }: OnTheGridProps) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <h2 id={id}>
        On the grid, {shown.length} of {mostPinned}
      </h2>
      <ul className="lines">
        {shown.map((one) => {
          const title = shortTitle(one);
          return (
            <li key={one.key} className="line outcomes-line">
              <span className="line-words">
                <bdi className="line-title">{title}</bdi>
                {one.key === current && <span className="line-note">being marked now</span>}
              </span>
              {shown.length > 1 && (
                <Button tone="quiet" aria-label={`Take off ${title}`} onClick={() => onTakeOff(one.key)}>
                  Take off
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {shown.length > 1 && (
        <p className="section-note">What is taken off keeps its marks, and can be added again.</p>
      )}
    </section>
  );
}

/** What is pinned today, and how to change it. Beginning one goes to it, as nearly always it is marked next. */
function usePinned(course: CourseRecord, current: AssessmentKey, onClose: () => void) {
  const { store } = useAccount();
  const [, navigate] = useLocation();
  const beginHere = useBegin(course);
  const scope = { course: course.id };
  const begun = useLive(() => store.classroom.watchAssessments(course.id), [store, course.id]);
  const kept = useLive(() => store.prefs.watch(scope, pinnedPref), [store, course.id]);
  const now = systemClock.wallMs();
  const today = dayIn(now, course.timeZone);
  const isRead = begun.status === 'ready' && kept.status === 'ready';
  const shown = isRead ? byTitle(pinnedOn(today, kept.value, begun.value, current)) : [];

  async function begin(beginning: Beginning) {
    try {
      const { key } = await beginHere(beginning);
      await store.prefs.write(scope, pinnedPref, withPinned(today, shown, key, systemClock.wallMs()));
      onClose();
      navigate(classPath(course.id, key));
    } catch {
      couldNotKeep();
    }
  }
  function takeOff(key: AssessmentKey) {
    const next = shown.find((one) => one.key !== key);
    store.prefs.write(scope, pinnedPref, withoutPinned(today, shown, key, systemClock.wallMs())).then(() => {
      if (key === current && next !== undefined) navigate(classPath(course.id, next.key));
    }, couldNotKeep);
  }
  return { shown, begin, takeOff };
}

function couldNotKeep(): void {
  tellNotKept();
}

function byTitle(shown: readonly LocalAssessment[]): readonly LocalAssessment[] {
  return [...shown].sort((a, b) => shortTitle(a).localeCompare(shortTitle(b)) || (a.key < b.key ? -1 : 1));
}
