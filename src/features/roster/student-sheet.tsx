import type { CourseId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import { Button } from '#ui/button.tsx';
import { Sheet } from '#ui/sheet.tsx';
import { showToast } from '#ui/toast-store.ts';
import type { LessonBoard } from './lesson-board.ts';
import { notCountedPref, withAway } from './not-counted.ts';
import type { TileStudent } from './roster-tile.tsx';
import { awayReasons } from './tile-facts.ts';
import type { AwayReason } from './tile-facts.ts';
import { wordsForTile } from './tile-words.ts';
import { useTile } from './use-board.ts';

interface StudentSheetProps {
  readonly student: TileStudent | undefined;
  readonly board: LessonBoard;
  readonly course: CourseId;
  readonly day: string;
  readonly onClose: () => void;
}

/** What belongs to one student and not to the grid: whether they are counted today. */
export function StudentSheet({ student, onClose, ...rest }: StudentSheetProps) {
  return (
    <Sheet isOpen={student !== undefined} onClose={onClose} title={student?.name ?? ''}>
      {student !== undefined && <StudentCard student={student} onClose={onClose} {...rest} />}
    </Sheet>
  );
}

function StudentCard(props: StudentSheetProps & { readonly student: TileStudent }) {
  const { student, board, course, day, onClose } = props;
  const { store } = useAccount();
  const facts = useTile(board, student.id);

  async function count(reason: AwayReason | undefined) {
    try {
      const kept = await store.prefs.read({ course }, notCountedPref);
      await store.prefs.write({ course }, notCountedPref, withAway(kept, day, student.id, reason));
      onClose();
    } catch {
      showToast({ words: 'This device could not write it down. Free some space, then try again.' });
    }
  }
  return (
    <div className="student-card">
      <p>{wordsForTile(facts)}</p>
      <div className="student-count" role="group" aria-label="Counted today">
        <Button aria-pressed={facts.away === undefined} onClick={() => void count(undefined)}>
          Here
        </Button>
        {awayReasons.map((reason) => (
          <Button key={reason} aria-pressed={facts.away === reason} onClick={() => void count(reason)}>
            {reason}
          </Button>
        ))}
      </div>
      <p className="section-note">Who is not counted is not asked for today. Canvas is not told.</p>
    </div>
  );
}
