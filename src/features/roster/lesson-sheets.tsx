import { lazy, Suspense, useEffect } from 'react';
import { Sheet } from '#ui/sheet.tsx';
import type { SheetLesson } from './sheet-lesson.ts';
import { openSheet, useRosterUi } from './roster-ui.ts';
import type { RosterSheet, Shield } from './roster-ui.ts';
import { nameInSheet } from './sheet-name.ts';

const loadSheets = () => import('./sheet-contents.tsx');
const SheetContents = lazy(async () => ({ default: (await loadSheets()).SheetContents }));

/** After this time the grid has been drawn and nothing else is to be done, ms. */
const idleMs = 2_500;

/** What comes over the grid from an edge, and never moves it. Its code is fetched when the grid has had its turn. */
export function LessonSheets(lesson: SheetLesson) {
  const sheet = useRosterUi((state) => state.sheet);
  const shield = useRosterUi((state) => state.shield);
  useEffect(() => {
    const timer = setTimeout(() => void loadSheets().catch(() => undefined), idleMs);
    return () => clearTimeout(timer);
  }, []);
  const close = () => openSheet(undefined);
  return (
    <Sheet
      isOpen={sheet !== undefined}
      onClose={close}
      title={sheet === undefined ? '' : titleOf(sheet, lesson, shield)}
      from={sheet?.kind === 'view' || sheet?.kind === 'outcomes' ? 'end' : 'bottom'}
    >
      <Suspense fallback={null}>
        {sheet !== undefined && <SheetContents sheet={sheet} lesson={lesson} onClose={close} />}
      </Suspense>
    </Sheet>
  );
}

function titleOf(sheet: RosterSheet, { students }: SheetLesson, shield: Shield | undefined): string {
  switch (sheet.kind) {
    case 'card': {
      const student = students.find(({ id }) => id === sheet.student);
      return student === undefined ? '' : nameInSheet(student, shield);
    }
    case 'view':
      return 'View';
    case 'picker':
      return 'Pick a student';
    case 'outcomes':
      return 'Outcomes of today';
    case 'end':
      return 'End of lesson';
    case 'keys':
      return 'Keys';
  }
}
