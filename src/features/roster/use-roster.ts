import { useEffect, useMemo, useState } from 'react';
import type { CourseId } from '#domain/ids.ts';
import { compareStudents } from '#domain/names.ts';
import { useAccount } from '#features/account-context.ts';
import type { Live } from '#store/use-live.ts';
import { useLive } from '#store/use-live.ts';
import { keepPlaces, rosterStudentOf } from './arrange-roster.ts';
import type { RosterStudent } from './arrange-roster.ts';
import type { LessonBoard } from './lesson-board.ts';

/**
 * The class in its order. It is read anew from Canvas while the lesson runs; from the first tap on nobody changes
 * places for that.
 * @returns undefined until the disk has answered, or when the class is not on this device
 */
export function useRoster(course: CourseId, board: LessonBoard): readonly RosterStudent[] | undefined {
  const { store } = useAccount();
  const read = useLive(() => store.classroom.watchClass(course), [store, course]);
  const record = valueOf(read);
  const sorted = useMemo(
    () => record && [...record.students].sort(compareStudents('family')).map(rosterStudentOf),
    [record],
  );
  const [shown, setShown] = useState<readonly RosterStudent[] | undefined>(sorted);
  if (sorted !== undefined && shown !== sorted) {
    const next = shown !== undefined && board.isTouched ? keepPlaces(shown, sorted) : sorted;
    if (!sameStudents(shown, next)) setShown(next);
  }
  useEffect(() => {
    if (shown !== undefined) board.setRoster(shown.map(({ id }) => id));
  }, [board, shown]);
  return shown;
}

function valueOf<T>(read: Live<T>): T | undefined {
  if (read.status === 'failed') throw read.error;
  return read.status === 'ready' ? read.value : undefined;
}

function sameStudents(a: readonly RosterStudent[] | undefined, b: readonly RosterStudent[]): boolean {
  return (
    a?.length === b.length && a.every((student, n) => student.id === b[n]?.id && student.name === b[n].name)
  );
}
