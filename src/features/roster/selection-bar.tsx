import type { UserId } from '#domain/ids.ts';
import { Button } from '#ui/button.tsx';
import { CloseIcon, CrossIcon, TickIcon } from '#ui/icons.tsx';
import type { LessonBoard } from './lesson-board.ts';
import { useRosterUi } from './roster-ui.ts';
import { useCounters } from './use-board.ts';

interface SelectionBarProps {
  readonly board: LessonBoard;
  /** Those in view: a group or a section is chosen with one touch. */
  readonly shown: readonly { readonly id: UserId }[];
  readonly thumb: 'left' | 'right';
  readonly onMarkAll: (students: readonly UserId[], passed: boolean) => void;
  readonly onAway: (students: readonly UserId[]) => void;
}

/** Stands in the place of the bottom bar while touches choose students. */
export function SelectionBar({ board, shown, thumb, onMarkAll, onAway }: SelectionBarProps) {
  const { selected } = useCounters(board);
  const end = () => {
    board.setSelected(new Set());
    useRosterUi.setState({ isSelecting: false });
  };
  const then = (act: (students: readonly UserId[]) => void) => () => {
    act(board.selected);
    end();
  };
  const isNone = selected === 0;
  return (
    <footer className="roster-bar roster-bottom" data-thumb={thumb}>
      <p className="roster-chosen" aria-live="polite">
        {isNone ? 'Tap those to mark together' : `${selected} chosen`}
      </p>
      <Button onClick={() => board.setSelected(new Set(shown.map(({ id }) => id)))}>
        All ({shown.length})
      </Button>
      <Button icon={<CrossIcon />} disabled={isNone} onClick={then((all) => onMarkAll(all, false))}>
        Not yet ({selected})
      </Button>
      <Button
        tone="primary"
        icon={<TickIcon />}
        disabled={isNone}
        onClick={then((all) => onMarkAll(all, true))}
      >
        Pass ({selected})
      </Button>
      <Button disabled={isNone} onClick={then(onAway)}>
        Absent
      </Button>
      <Button icon={<CloseIcon />} onClick={end}>
        Cancel
      </Button>
    </footer>
  );
}
