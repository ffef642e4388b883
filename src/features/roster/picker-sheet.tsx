import { useState } from 'react';
import { systemRandom } from '#lib/random.ts';
import { Button } from '#ui/button.tsx';
import { CrossIcon, ShuffleIcon, TickIcon } from '#ui/icons.tsx';
import type { RosterStudent } from './arrange-roster.ts';
import { pickStudent } from './pick-student.ts';
import { Portrait } from './portrait.tsx';
import { useRosterUi } from './roster-ui.ts';
import type { SheetLesson } from './sheet-lesson.ts';
import { nameInSheet } from './sheet-name.ts';
import { wordsForTile } from './tile-words.ts';
import { useTile } from './use-board.ts';

/** Picks by chance among those in view, the least seen first of all; the picked one can be marked at once. */
export function PickerSheet({ lesson }: { readonly lesson: SheetLesson }) {
  const [picked, setPicked] = useState(() => pick(lesson, undefined));
  const again = () => setPicked((before) => pick(lesson, before));
  if (picked === undefined) {
    return (
      <p>
        There is nobody to pick: nobody in view is counted today. Show everybody, or tap a name to count that
        student again.
      </p>
    );
  }
  return (
    <div className="picker">
      <Picked key={picked.id} student={picked} lesson={lesson} />
      <Button icon={<ShuffleIcon />} onClick={again}>
        Pick another
      </Button>
    </div>
  );
}

function Picked({ student, lesson }: { readonly student: RosterStudent; readonly lesson: SheetLesson }) {
  const facts = useTile(lesson.board, student.id);
  const shield = useRosterUi((state) => state.shield);
  const mark = (passed: boolean, atMs: number) =>
    lesson.onTap({ student: student.id, passed }, { by: 'touch', atMs });
  return (
    <>
      {student.picture !== undefined && shield !== 'names' && <Portrait student={student} />}
      <p className="picker-name" aria-live="polite">
        <bdi>{nameInSheet(student, shield)}</bdi>
      </p>
      {shield !== 'results' && <p className="section-note">{wordsForTile(facts, lesson.threshold)}</p>}
      <div className="sheet-choices">
        <Button
          icon={<CrossIcon />}
          aria-label={`Fail, ${student.name}`}
          onClick={(event) => mark(false, event.timeStamp)}
        >
          Not yet
        </Button>
        <Button
          tone="primary"
          icon={<TickIcon />}
          aria-label={`Pass, ${student.name}`}
          onClick={(event) => mark(true, event.timeStamp)}
        >
          Pass
        </Button>
      </div>
    </>
  );
}

/** Never the same one twice in a row while there is somebody else. */
function pick({ board, shown }: SheetLesson, before: RosterStudent | undefined): RosterStudent | undefined {
  const here = shown
    .map((student) => ({ student, tries: board.tile(student.id).tries }))
    .filter(({ student }) => board.tile(student.id).away === undefined);
  const others = here.filter(({ student }) => student.id !== before?.id);
  return pickStudent(others.length > 0 ? others : here, systemRandom.fraction())?.student;
}
