import { memo, useCallback, useEffect, useRef } from 'react';
import type { CSSProperties } from 'react';
import type { CourseId, UserId } from '#domain/ids.ts';
import { gridGap } from './grid-layout.ts';
import type { LessonBoard } from './lesson-board.ts';
import { RosterFound } from './roster-found.tsx';
import type { Shield } from './roster-ui.ts';
import { RosterTile } from './roster-tile.tsx';
import type { TileStudent } from './roster-tile.tsx';
import type { TapManner, TapTarget } from './tap-gestures.ts';
import { useGridLayout } from './use-grid-layout.ts';
import { useKeptScroll } from './use-kept-scroll.ts';
import { useRowWindow } from './use-row-window.ts';
import { useTapGestures } from './use-tap-gestures.ts';
import './roster-grid.css';

interface RosterGridProps {
  readonly board: LessonBoard;
  readonly course: CourseId;
  /** Those to show. */
  readonly students: readonly TileStudent[];
  /** How many are in the class: tiles keep their size while a filter shows a few of it. */
  readonly classSize: number;
  /** The share of passes from which the outcome is mastered; null where there is none. */
  readonly threshold: number | null;
  readonly hasFaces: boolean;
  readonly shield: Shield | undefined;
  readonly isList: boolean;
  /** What the teacher chose; absent: as suits the class. */
  readonly columns?: number;
  /** The handlers stay the same from drawing to drawing. */
  readonly onTap: (target: TapTarget, how: TapManner) => void;
  readonly onRefused: () => void;
  readonly onCard: (student: UserId) => void;
}

/** Rows of this height have room for larger names, px. */
const roomyHeight = 116;

/** The class. It draws again when the class or the room changes, never for a mark. */
export const RosterGrid = memo(function RosterGrid(props: RosterGridProps) {
  const { board, course, students, classSize, threshold, hasFaces, shield, isList, columns } = props;
  const { onTap, onRefused, onCard } = props;
  const room = useRef<HTMLElement>(null);
  const gestures = useTapGestures(room, { onTap, onRefused });
  const layout = useGridLayout(
    room,
    { count: classSize, shown: students.length, isList, ...(columns !== undefined && { columns }) },
    useCallback(() => gestures.isHeld, [gestures]),
  );
  useEffect(() => gestures.setScrolls(layout.scrolls), [gestures, layout.scrolls]);
  const grid = useRef<HTMLDivElement>(null);
  const rows = useRowWindow(grid, { ...layout, count: students.length });
  useKeptScroll(room, course);
  const shown = students.slice(rows.first * layout.columns, rows.end * layout.columns);
  const rowsInAll = Math.ceil(students.length / layout.columns);
  const step = layout.rowHeight + gridGap;
  const style = {
    '--columns': layout.columns,
    '--row-height': `${layout.rowHeight}px`,
    '--grid-gap': `${gridGap}px`,
    ...(threshold !== null && { '--threshold': `${100 * threshold}%` }),
    '--above': `${rows.first * step}px`,
    '--below': `${(rowsInAll - rows.end) * step}px`,
  } as CSSProperties;
  return (
    <main ref={room} className="roster-room" data-scrolls={layout.scrolls ? '' : undefined}>
      <RosterFound count={students.length} />
      <div
        ref={grid}
        className="roster-grid"
        style={style}
        data-scrolls={layout.scrolls ? '' : undefined}
        data-columns={layout.columns}
        data-faces={hasFaces && shield !== 'names' ? '' : undefined}
        data-list={isList ? '' : undefined}
        data-words={layout.showsWords ? '' : undefined}
        data-threshold={threshold === null ? undefined : ''}
        data-roomy={layout.rowHeight >= roomyHeight ? '' : undefined}
      >
        {shown.map((student) => (
          <RosterTile
            key={student.id}
            board={board}
            student={student}
            threshold={threshold}
            hasFaces={hasFaces}
            shield={shield}
            onCard={onCard}
          />
        ))}
      </div>
    </main>
  );
});
