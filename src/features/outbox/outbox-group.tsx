import type { Mark } from '#domain/mark.ts';
import { useAccount } from '#features/account-context.ts';
import { tellMarksWait } from '#features/tell-not-kept.ts';
import { systemClock } from '#lib/clock.ts';
import { needsTeacher } from '#store/marks/rejected.ts';
import type { Lane } from '#store/records.ts';
import { Button } from '#ui/button.tsx';
import { gateWords } from './gate-words.ts';
import { markStory } from './mark-story.ts';
import type { OutboxGroup } from './outbox-groups.ts';
import type { Names } from './use-names.ts';

interface OutboxGroupSectionProps {
  readonly group: OutboxGroup;
  readonly lane: Lane | undefined;
  readonly names: Names;
  readonly onDecide: (mark: Mark) => void;
}

/** The marks of one class and assessment, and why they stand still if they do. */
export function OutboxGroupSection({ group, lane, names, onDecide }: OutboxGroupSectionProps) {
  const { course, marks } = group;
  const why = lane === undefined ? undefined : gateWords(lane);
  return (
    <section className="section" aria-label={`${names.course(course)}, ${names.assessment(group)}`}>
      <header>
        <h2 dir="auto">{names.assessment(group)}</h2>
        <p className="section-note" dir="auto">
          {names.course(course)}
        </p>
      </header>
      {why !== undefined && lane !== undefined && <Standstill lane={lane} why={why} />}
      {marks.length > 0 && (
        <ul className="lines">
          {marks.map((mark) => (
            <MarkLine
              key={mark.seq}
              mark={mark}
              name={names.student(course, mark.student)}
              onDecide={onDecide}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function Standstill({ lane, why }: { readonly lane: Lane; readonly why: string }) {
  const { engine } = useAccount();
  const tryAgain = () => {
    engine.retryLane(lane.id).catch(() => {
      tellMarksWait();
    });
  };
  return (
    <div className="outbox-standstill">
      <p>{why}</p>
      <Button onClick={tryAgain}>Try again</Button>
    </div>
  );
}

interface MarkLineProps {
  readonly mark: Mark;
  readonly name: string;
  readonly onDecide: (mark: Mark) => void;
}

function MarkLine({ mark, name, onDecide }: MarkLineProps) {
  return (
    <li className="outbox-mark">
      <span className="line-words">
        <span className="line-title">
          <bdi>{name}</bdi>: {mark.passed ? 'pass' : 'not yet'}
        </span>
        <span className="line-note" dir="auto">
          {markStory(mark, systemClock.wallMs())}
        </span>
      </span>
      {needsTeacher(mark) && (
        <Button tone="warn" onClick={() => onDecide(mark)}>
          Decide
        </Button>
      )}
    </li>
  );
}
