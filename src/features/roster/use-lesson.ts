import { useEffect, useMemo, useRef, useState } from 'react';
import type { AssessmentKey, CourseId, MarkId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import { useAccount } from '#features/account-context.ts';
import { holdBackPref } from '#features/hold-back.ts';
import { systemClock } from '#lib/clock.ts';
import { systemRandom } from '#lib/random.ts';
import type { StorageError } from '#store/port.ts';
import { useLive } from '#store/use-live.ts';
import { LessonBoard } from './lesson-board.ts';
import type { BoardDeps } from './lesson-board.ts';
import { awayOn, notCountedPref } from './not-counted.ts';

export interface Lesson {
  readonly board: LessonBoard;
  /** False until the disk has told what was marked before: a grid drawn earlier would say "not seen". */
  readonly isRead: boolean;
}

/**
 * The board of one assessment, fed by the disk, writing to the disk.
 * @param onSettled stays the same from drawing to drawing
 */
export function useLesson(
  place: { readonly course: CourseId; readonly assessmentKey: AssessmentKey; readonly day: string },
  onSettled: NonNullable<BoardDeps['onSettled']>,
): Lesson {
  const { store } = useAccount();
  const { course, assessmentKey, day } = place;
  const hold = useRef(holdBackPref.fallback);
  const board = useMemo(
    () =>
      new LessonBoard({
        save: async (tap) => {
          const { mark } = await store.marks.create({ ...tap, course, assessmentKey, holdMs: hold.current });
          return mark;
        },
        newId: () => systemRandom.uuid() as MarkId,
        now: () => systemClock.wallMs(),
        onSettled,
      }),
    [store, course, assessmentKey, onSettled],
  );
  const [read, setRead] = useState<{ board: LessonBoard; error?: StorageError }>();
  useEffect(() => {
    let isFirst = true;
    return store.watch.lane(laneOf(course, assessmentKey)).subscribe(
      ({ marks, changed }) => {
        // A reading from the start tells of all marks; what follows tells of some.
        if (isFirst || changed.length === marks.length) board.read(marks);
        else board.follow(changed);
        if (isFirst) setRead({ board });
        isFirst = false;
      },
      (error) => setRead({ board, error }),
    );
  }, [store, course, assessmentKey, board]);
  useEffect(
    () =>
      store.prefs.watch('account', holdBackPref).subscribe((ms) => {
        hold.current = ms;
      }),
    [store],
  );
  const away = useLive(() => store.prefs.watch({ course }, notCountedPref), [store, course]);
  useEffect(() => {
    if (away.status === 'ready') board.setAway(awayOn(day, away.value));
  }, [board, day, away]);
  if (read?.board === board && read.error !== undefined) throw read.error;
  return { board, isRead: read?.board === board };
}
