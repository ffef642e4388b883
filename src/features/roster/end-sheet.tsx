import { useCallback, useSyncExternalStore } from 'react';
import { useLocation } from 'wouter';
import { useAccount } from '#features/account-context.ts';
import { tellMarksWait } from '#features/tell-not-kept.ts';
import { useLive } from '#store/use-live.ts';
import { Button } from '#ui/button.tsx';
import type { RosterStudent } from './arrange-roster.ts';
import { lessonEnd, safeToCloseWords } from './lesson-end.ts';
import { useRosterUi } from './roster-ui.ts';
import type { SheetLesson } from './sheet-lesson.ts';
import { isAnyUnsaved } from './unsaved-taps.ts';
import { useCounters } from './use-board.ts';

/** What the lesson came to, what still waits, and the way out. Of what is hidden from others it tells numbers only. */
export function EndSheet({
  lesson,
  onClose,
}: {
  readonly lesson: SheetLesson;
  readonly onClose: () => void;
}) {
  const { store, engine } = useAccount();
  const [, navigate] = useLocation();
  const open = useLive(() => store.watch.openCounts, [store]);
  const { board, students } = lesson;
  const { unsaved } = useCounters(board);
  const shield = useRosterUi((state) => state.shield);
  const { seen, notSeen, toReteach, away } = lessonEnd(board, students, lesson.threshold);
  const isSaving = useIsSaving(lesson);
  const end = () => {
    engine.sendNow().catch(() => {
      tellMarksWait();
    });
    onClose();
    navigate(lesson.courseHref);
  };
  return (
    <div className="lesson-end">
      <dl className="lesson-counts">
        <Count what="Seen" count={seen} />
        <Count what="Not seen" count={notSeen.length} students={shield === 'names' ? [] : notSeen} />
        <Count what="To re-teach" count={toReteach.length} students={shield === undefined ? toReteach : []} />
        {away.length > 0 && (
          <Count what="Not counted" count={away.length} students={shield === 'names' ? [] : away} />
        )}
        {open.status === 'ready' && <Count what="Waiting to be sent" count={open.value.waiting} />}
      </dl>
      {open.status === 'ready' && (
        <p>
          {safeToCloseWords({
            unsaved,
            isAnyUnsaved: isAnyUnsaved(),
            isSaving,
            waiting: open.value.waiting,
            needsYou: open.value.needsTeacher + open.value.unreadable,
          })}
        </p>
      )}
      {unsaved > 0 && (
        <Button tone="primary" onClick={() => board.saveAgain()}>
          Save again
        </Button>
      )}
      <Button tone={unsaved > 0 ? 'quiet' : 'primary'} onClick={end}>
        Send what waits and end the lesson
      </Button>
    </div>
  );
}

/** Whether any tap of the lesson is on its way to the disk. */
function useIsSaving({ board, students }: SheetLesson): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const endings = students.map(({ id }) => board.subscribeTile(id, listener));
      return () => {
        for (const end of endings) end();
      };
    },
    [board, students],
  );
  return useSyncExternalStore(subscribe, () => students.some(({ id }) => board.tile(id).where === 'saving'));
}

interface CountProps {
  readonly what: string;
  readonly count: number;
  readonly students?: readonly RosterStudent[];
}

/** Of more people than this the names are asked for: what still waits, and the way out, must be in view. */
const mostNames = 12;

function Count({ what, count, students = [] }: CountProps) {
  return (
    <div>
      <dt>{what}</dt>
      <dd>
        <b>{count}</b>
        {students.length > mostNames ? (
          <details>
            <summary>Show the names</summary>
            <Names students={students} />
          </details>
        ) : (
          students.length > 0 && <Names students={students} />
        )}
      </dd>
    </div>
  );
}

function Names({ students }: { readonly students: readonly RosterStudent[] }) {
  return (
    <ul className="lesson-names">
      {students.map(({ id, name }) => (
        <li key={id}>
          <bdi>{name}</bdi>
        </li>
      ))}
    </ul>
  );
}
