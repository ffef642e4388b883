import { useCallback, useEffect, useRef } from 'react';
import type { CSSProperties } from 'react';
import type { UserId } from '#domain/ids.ts';
import { gridGap } from './grid-layout.ts';
import type { LessonBoard } from './lesson-board.ts';
import { RosterTile } from './roster-tile.tsx';
import type { TileStudent } from './roster-tile.tsx';
import type { TapTarget } from './tap-gestures.ts';
import { useGridLayout } from './use-grid-layout.ts';
import { useRowWindow } from './use-row-window.ts';
import { useTapGestures } from './use-tap-gestures.ts';
import './roster-grid.css';

interface RosterGridProps {
  readonly board: LessonBoard;
  /** Those to show. */
  readonly students: readonly TileStudent[];
  /** How many are in the class: tiles keep their size while a filter shows a few of it. */
  readonly classSize: number;
  /** What the teacher chose; absent: as suits the class. */
  readonly columns?: number;
  /** The handlers stay the same from drawing to drawing. */
  readonly onTap: (target: TapTarget) => void;
  readonly onRefused: () => void;
  readonly onCard: (student: UserId) => void;
}

/** Rows of this height have room for larger names, px. */
const roomyHeight = 116;

/** The class. It draws again when the class or the room changes, never for a mark. */
export function RosterGrid(props: RosterGridProps) {
  const { board, students, classSize, columns, onTap, onRefused, onCard } = props;
  const room = useRef<HTMLElement>(null);
  const gestures = useTapGestures(room, { onTap, onRefused });
  const layout = useGridLayout(
    room,
    { count: classSize, shown: students.length, ...(columns !== undefined && { columns }) },
    useCallback(() => gestures.isHeld, [gestures]),
  );
  useEffect(() => gestures.setScrolls(layout.scrolls), [gestures, layout.scrolls]);
  const grid = useRef<HTMLDivElement>(null);
  const rows = useRowWindow(grid, { ...layout, count: students.length });
  const shown = students.slice(rows.first * layout.columns, rows.end * layout.columns);
  const rowsInAll = Math.ceil(students.length / layout.columns);
  const step = layout.rowHeight + gridGap;
  const style = {
    '--columns': layout.columns,
    '--row-height': `${layout.rowHeight}px`,
    '--grid-gap': `${gridGap}px`,
    '--above': `${rows.first * step}px`,
    '--below': `${(rowsInAll - rows.end) * step}px`,
  } as CSSProperties;
  return (
    <main ref={room} className="roster-room" data-scrolls={layout.scrolls ? '' : undefined}>
      <div
        ref={grid}
        className="roster-grid"
        style={style}
        data-scrolls={layout.scrolls ? '' : undefined}
        data-words={layout.showsWords ? '' : undefined}
        data-roomy={layout.rowHeight >= roomyHeight ? '' : undefined}
      >
        {shown.map((student) => (
          <RosterTile key={student.id} board={board} student={student} onCard={onCard} />
        ))}
      </div>
    </main>
  );
}
