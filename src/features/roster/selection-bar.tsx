import type { UserId } from '#domain/ids.ts';
import { Button } from '#ui/button.tsx';
import { CrossIcon, TickIcon } from '#ui/icons.tsx';
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
  const isHere = (student: UserId) => board.tile(student).away === undefined;
  const here = shown.map(({ id }) => id).filter(isHere);
  // Who is not counted can be chosen by name, and is not marked.
  const markable = () => board.selected.filter(isHere);
  const count = markable().length;
  const end = () => {
    board.setSelected(new Set());
    useRosterUi.setState({ isSelecting: false });
  };
  const then = (act: () => void) => () => {
    act();
    end();
  };
  return (
    <footer className="roster-bar roster-bottom" data-thumb={thumb}>
      <p className="roster-chosen" aria-live="polite">
        {selected === 0 ? 'Tap those to mark together' : `${selected} chosen`}
      </p>
      <Button onClick={() => board.setSelected(new Set(here))}>All ({here.length})</Button>
      <Button icon={<CrossIcon />} disabled={count === 0} onClick={then(() => onMarkAll(markable(), false))}>
        Not yet ({count})
      </Button>
      <Button
        tone="primary"
        icon={<TickIcon />}
        disabled={count === 0}
        onClick={then(() => onMarkAll(markable(), true))}
      >
        Pass ({count})
      </Button>
      <Button disabled={selected === 0} onClick={then(() => onAway(board.selected))}>
        Absent
      </Button>
      <Button onClick={end}>Cancel</Button>
    </footer>
  );
}
