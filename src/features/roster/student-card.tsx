import { laneOf } from '#domain/mark.ts';
import { useAccount } from '#features/account-context.ts';
import { readAtWords } from '#features/ages.ts';
import { systemClock } from '#lib/clock.ts';
import { useLive } from '#store/use-live.ts';
import { Button } from '#ui/button.tsx';
import type { RosterStudent } from './arrange-roster.ts';
import { lastMarks } from './last-marks.ts';
import type { ShownMark } from './last-marks.ts';
import type { SheetLesson } from './sheet-lesson.ts';
import { awayReasons, isShown } from './tile-facts.ts';
import { wordsForMark, wordsForTile, wordsForWhere } from './tile-words.ts';
import { roundsWords } from './round-ticks.ts';
import { Portrait } from './portrait.tsx';
import { useRosterUi } from './roster-ui.ts';
import { useTile } from './use-board.ts';
import { useStudentHistory } from './use-student-history.ts';

interface StudentCardProps {
  readonly student: RosterStudent;
  readonly lesson: SheetLesson;
  readonly onClose: () => void;
}

/** One student: how they stand, the last marks as a strip, and whether they are counted today. */
export function StudentCard({ student, lesson, onClose }: StudentCardProps) {
  const { board, course, assessmentKey, threshold, onAway } = lesson;
  const { store } = useAccount();
  const facts = useTile(board, student.id);
  const lane = laneOf(course, assessmentKey);
  const others = useLive(() => store.othersRows.watch(lane, student.id), [store, lane, student.id]);
  const marks = lastMarks(
    board.marksOf(student.id).filter(isShown),
    others.status === 'ready' ? others.value : [],
  );
  const history = useStudentHistory(course, student.id);
  const shield = useRosterUi((state) => state.shield);
  if (shield === 'results') return <p>Results are hidden. The eye at the top shows them again.</p>;
  return (
    <div className="student-card">
      <div className="student-now">
        {student.picture !== undefined && shield !== 'names' && <Portrait student={student} />}
        <p>{wordsForTile(facts, threshold)}</p>
      </div>
      {facts.layers !== '' && <p className="section-note">Before: {roundsWords(facts.layers)}</p>}
      {marks.length > 0 && (
        <ol className="student-marks" aria-label="Last marks">
          {marks.map((mark) => (
            <MarkChip key={mark.key} mark={mark} />
          ))}
        </ol>
      )}
      {marks.some(({ isOthers }) => isOthers) && (
        <p className="section-note">Counted here is what this device marked; Canvas counts them all.</p>
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

function MarkChip({ mark }: { readonly mark: ShownMark }) {
  return (
    <li className="student-mark" data-passed={mark.passed ? '' : undefined}>
      <b>{wordsForMark(mark.passed)}</b>
      <span>{readAtWords(mark.atMs, systemClock.wallMs())}</span>
      {mark.where !== undefined && <span>{wordsForWhere(mark.where)}</span>}
      <span>{mark.author}</span>
    </li>
  );
}
