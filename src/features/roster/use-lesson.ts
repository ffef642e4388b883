import { useEffect, useMemo, useRef, useState } from 'react';
import type { MarkId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import { useAccount } from '#features/account-context.ts';
import { holdBackPref } from '#features/hold-back.ts';
import { systemClock } from '#lib/clock.ts';
import { systemRandom } from '#lib/random.ts';
import type { StorageError } from '#store/port.ts';
import { LessonBoard } from './lesson-board.ts';
import type { BoardDeps } from './lesson-board.ts';
import { markingModePref } from './lesson-prefs.ts';
import { awayOn, notCountedPref } from './not-counted.ts';
import { onDisk } from './save-taps.ts';
import type { LessonPlace } from './save-taps.ts';
import { unsavedTaps } from './unsaved-taps.ts';

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
  { course, assessmentKey, day }: LessonPlace & { readonly day: string },
  onSettled: NonNullable<BoardDeps['onSettled']>,
): Lesson {
  const { account, store } = useAccount();
  const hold = useRef(holdBackPref.fallback);
  const board = useMemo(
    () =>
      new LessonBoard({
        ...onDisk(store.marks, { course, assessmentKey }, () => hold.current),
        newId: () => systemRandom.uuid() as MarkId,
        now: () => systemClock.wallMs(),
        onSettled,
        unsaved: unsavedTaps(account.id, { course, assessmentKey }),
      }),
    [account.id, store, course, assessmentKey, onSettled],
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
  useEffect(() => {
    const endings = [
      store.prefs.watch('account', holdBackPref).subscribe((ms) => {
        hold.current = ms;
      }),
      store.prefs.watch({ course }, notCountedPref).subscribe((kept) => board.setAway(awayOn(day, kept))),
      store.prefs.watch({ course }, markingModePref(assessmentKey)).subscribe((mode) => board.setMode(mode)),
    ];
    return () => {
      for (const end of endings) end();
    };
  }, [store, course, assessmentKey, day, board]);
  if (read?.board === board && read.error !== undefined) throw read.error;
  return { board, isRead: read?.board === board };
}
