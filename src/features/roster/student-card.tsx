import { secondToMs } from '#domain/instant.ts';
import type { Mark } from '#domain/mark.ts';
import { readAtWords } from '#features/ages.ts';
import { systemClock } from '#lib/clock.ts';
import { Button } from '#ui/button.tsx';
import type { RosterStudent } from './arrange-roster.ts';
import type { SheetLesson } from './sheet-lesson.ts';
import { awayReasons, isShown, whereIs } from './tile-facts.ts';
import { wordsForMark, wordsForTile, wordsForWhere } from './tile-words.ts';
import { Portrait } from './portrait.tsx';
import { useRosterUi } from './roster-ui.ts';
import { useTile } from './use-board.ts';
import { useStudentHistory } from './use-student-history.ts';

interface StudentCardProps {
  readonly student: RosterStudent;
  readonly lesson: SheetLesson;
  readonly onClose: () => void;
}

/** So many marks fit in a strip that is read at a glance. */
const mostMarks = 12;

/** One student: how they stand, the last marks as a strip, and whether they are counted today. */
export function StudentCard({ student, lesson, onClose }: StudentCardProps) {
  const { board, course, threshold, onAway } = lesson;
  const facts = useTile(board, student.id);
  const marks = board.marksOf(student.id).filter(isShown).slice(-mostMarks);
  const history = useStudentHistory(course, student.id);
  const isHidden = useRosterUi((state) => state.shield === 'results');
  if (isHidden) return <p>Results are hidden. The eye at the top shows them again.</p>;
  return (
    <div className="student-card">
      <div className="student-now">
        {student.picture !== undefined && <Portrait student={student} />}
        <p>{wordsForTile(facts, threshold)}</p>
      </div>
      {marks.length > 0 && (
        <ol className="student-marks" aria-label="Last marks">
          {marks.map((mark) => (
            <MarkChip key={mark.seq} mark={mark} />
          ))}
        </ol>
      )}
      {history.length > 0 && (
        <ul className="student-history" aria-label="By outcome">
          {history.map(({ key, name, passes, tries, percent, mastered }) => (
            <li key={key}>
              <bdi>{name}</bdi>
              <b>
                {passes} of {tries}
              </b>
              <span>
                {percent !== undefined && `${percent} %`}
                {mastered === true && `${percent === undefined ? '' : ' · '}mastered`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className="sheet-choices" role="group" aria-label="Counted today">
        {[undefined, ...awayReasons].map((reason) => (
          <Button
            key={reason ?? 'here'}
            aria-pressed={facts.away === reason}
            onClick={() => void onAway([student.id], reason).then(onClose)}
          >
            {reason ?? 'here'}
          </Button>
        ))}
      </div>
      <p className="section-note">Who is not counted is not asked for today. Canvas is not told.</p>
    </div>
  );
}

function MarkChip({ mark }: { readonly mark: Mark }) {
  const where = whereIs(mark);
  return (
    <li className="student-mark" data-passed={mark.passed ? '' : undefined}>
      <b>{wordsForMark(mark.passed)}</b>
      <span>{readAtWords(secondToMs(mark.assessedAt), systemClock.wallMs())}</span>
      {where !== undefined && <span>{wordsForWhere(where)}</span>}
      <span>{mark.origin === 'here' ? 'this tablet' : 'another tablet'}</span>
    </li>
  );
}
