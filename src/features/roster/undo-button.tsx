import { useEffect } from 'react';
import type { RefObject } from 'react';
import type { UserId } from '#domain/ids.ts';
import { Button } from '#ui/button.tsx';
import { UndoIcon } from '#ui/icons.tsx';
import type { LessonBoard } from './lesson-board.ts';
import { useRosterUi } from './roster-ui.ts';
import { undoWords } from './undo-words.ts';
import { useUndo } from './use-undo.ts';

interface UndoButtonProps {
  readonly board: LessonBoard;
  readonly nameOf: (student: UserId) => string | undefined;
  /** Takes what the button does, for the keyboard. */
  readonly handleRef: RefObject<(() => void) | undefined>;
}

/** Always in the same place and of the same width, whatever it takes back. */
export function UndoButton({ board, nameOf, handleRef }: UndoButtonProps) {
  const { step, undo } = useUndo(board);
  // It would tell whom, and what.
  const isShielded = useRosterUi((state) => state.shield !== undefined);
  useEffect(() => {
    handleRef.current = () => void undo();
  }, [handleRef, undo]);
  return (
    <Button
      className="roster-undo"
      icon={<UndoIcon />}
      aria-disabled={step === undefined}
      onClick={() => void undo()}
    >
      {step === undefined || isShielded ? (
        'Undo'
      ) : (
        <>
          <span className="roster-undo-word">Undo: </span>
          <bdi>{undoWords(step, nameOf)}</bdi>
        </>
      )}
    </Button>
  );
}
