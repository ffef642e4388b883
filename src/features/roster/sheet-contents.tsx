import { EndSheet } from './end-sheet.tsx';
import { OutcomesSheet } from './outcomes-sheet.tsx';
import { PickerSheet } from './picker-sheet.tsx';
import type { RosterSheet } from './roster-ui.ts';
import type { SheetLesson } from './sheet-lesson.ts';
import { StudentCard } from './student-card.tsx';
import { keyHelp } from './use-roster-keys.ts';
import { ViewSheet } from './view-sheet.tsx';
import './sheets.css';

interface SheetContentsProps {
  readonly sheet: RosterSheet;
  readonly lesson: SheetLesson;
  readonly onClose: () => void;
}

export function SheetContents({ sheet, lesson, onClose }: SheetContentsProps) {
  switch (sheet.kind) {
    case 'card': {
      const student = lesson.students.find(({ id }) => id === sheet.student);
      return student === undefined ? null : (
        <StudentCard student={student} lesson={lesson} onClose={onClose} />
      );
    }
    case 'view':
      return <ViewSheet lesson={lesson} onClose={onClose} />;
    case 'picker':
      return <PickerSheet lesson={lesson} />;
    case 'outcomes':
      return <OutcomesSheet lesson={lesson} onClose={onClose} />;
    case 'end':
      return <EndSheet lesson={lesson} onClose={onClose} />;
    case 'keys':
      return <Keys />;
  }
}

function Keys() {
  return (
    <>
      <dl className="sheet-keys">
        {keyHelp.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="section-note">
        U, R, O, 1 to 6, / and ? work at any moment. They can be turned off in View, under Hands.
      </p>
    </>
  );
}
