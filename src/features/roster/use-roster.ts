import { useEffect, useMemo, useState } from 'react';
import type { CourseId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import type { ClassRecord } from '#store/classroom.ts';
import { useLive } from '#store/use-live.ts';
import { keepPlaces, rosterStudentOf, sortRoster } from './arrange-roster.ts';
import type { RosterStudent } from './arrange-roster.ts';
import type { LessonBoard } from './lesson-board.ts';
import { withSameStudents } from './same-students.ts';
import { rosterViewPref } from './lesson-prefs.ts';
import type { RosterView } from './lesson-prefs.ts';

export interface Roster {
  readonly students: readonly RosterStudent[];
  readonly view: RosterView;
  readonly record: ClassRecord;
}

/**
 * The class in its order. It is read anew from Canvas while the lesson runs; from the first tap on nobody changes
 * places for that, only for an order that the teacher chooses.
 * @param isRead whether the board knows what was marked, which the least seen need
 * @returns undefined until the disk has answered
 */
export function useRoster(
  course: CourseId,
  record: ClassRecord,
  board: LessonBoard,
  isRead: boolean,
): Roster | undefined {
  const { store } = useAccount();
  const chosen = useLive(() => store.prefs.watch({ course }, rosterViewPref), [store, course]);
  const view = chosen.status === 'ready' ? chosen.value : rosterViewPref.fallback;
  const isReady = isRead && chosen.status !== 'loading';
  const { sort, seed } = view;
  const sorted = useMemo(() => {
    if (!isReady) return undefined;
    const triesOf = (student: RosterStudent['id']) => board.tile(student).tries;
    return sortRoster(record.students, { sort, seed }, triesOf).map(rosterStudentOf);
  }, [record, isReady, board, sort, seed]);
  const students = useKeptPlaces(sorted, `${sort} ${seed}`, board);
  useEffect(() => {
    if (students !== undefined) board.setRoster(students.map(({ id }) => id));
  }, [board, students]);
  return students === undefined ? undefined : { students, view, record };
}

function useKeptPlaces(sorted: readonly RosterStudent[] | undefined, order: string, board: LessonBoard) {
  const [shown, setShown] = useState({ students: sorted, from: sorted, order });
  if (sorted !== undefined && (shown.from !== sorted || shown.order !== order)) {
    const keeps = shown.students !== undefined && shown.order === order && board.isTouched;
    const next = keeps ? keepPlaces(shown.students ?? [], sorted) : sorted;
    const students = withSameStudents(shown.students, next);
    setShown({ students, from: sorted, order });
  }
  return shown.students;
}
