import type { RefObject } from 'react';
import type { UserId } from '#domain/ids.ts';
import { SyncWords } from '#features/outbox/sync-words.tsx';
import { Button, IconButton } from '#ui/button.tsx';
import { FlagIcon, ShuffleIcon } from '#ui/icons.tsx';
import type { RosterStudent } from './arrange-roster.ts';
import type { LessonBoard } from './lesson-board.ts';
import { openSheet } from './roster-ui.ts';
import { UndoButton } from './undo-button.tsx';
import { useCounters } from './use-board.ts';

interface RosterBottomBarProps {
  readonly board: LessonBoard;
  /** Those in view: "pass the rest" is the rest of them. */
  readonly shown: readonly RosterStudent[];
  readonly nameOf: (student: UserId) => string | undefined;
  readonly undoRef: RefObject<(() => void) | undefined>;
  readonly thumb: 'left' | 'right';
  readonly onPassAll: (students: readonly UserId[]) => void;
}

/** The thumb's bar. Undo keeps its place and its width whatever it says. */
export function RosterBottomBar(props: RosterBottomBarProps) {
  const { board, shown, nameOf, undoRef, thumb, onPassAll } = props;
  return (
    <footer className="roster-bar roster-bottom" data-thumb={thumb}>
      <UndoButton board={board} nameOf={nameOf} handleRef={undoRef} />
      <PassTheRest board={board} shown={shown} onPassAll={onPassAll} />
      <IconButton label="Pick a student" onClick={() => openSheet({ kind: 'picker' })}>
        <ShuffleIcon />
      </IconButton>
      <SyncWords />
      <Button
        className="roster-end"
        icon={<FlagIcon />}
        aria-label="End lesson"
        onClick={() => openSheet({ kind: 'end' })}
      >
        End lesson
      </Button>
    </footer>
  );
}

function PassTheRest({
  board,
  shown,
  onPassAll,
}: Pick<RosterBottomBarProps, 'board' | 'shown' | 'onPassAll'>) {
  const { seen, isRoundComplete } = useCounters(board);
  const rest = shown
    .map(({ id }) => id)
    .filter((id) => {
      const { isSeen, away } = board.tile(id);
      return !isSeen && away === undefined;
    });
  if (rest.length === 0 || isRoundComplete) return null;
  const words = seen === 0 ? `Pass all (${rest.length})` : `Pass the rest (${rest.length})`;
  return (
    <Button className="roster-rest" onClick={() => onPassAll(rest)}>
      {words}
    </Button>
  );
}
