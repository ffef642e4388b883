import { useEffect, useLayoutEffect } from 'react';
import type { UserId } from '#domain/ids.ts';
import { systemClock } from '#lib/clock.ts';
import { focusedMark, focusedStudent, focusTile } from './roster-focus.ts';

/** From one outcome to the next takes less than this, ms. */
const keptMs = 2_000;

interface Left {
  readonly of: string;
  readonly student: UserId;
  readonly mark: string | undefined;
  readonly at: number;
}
let left: Left | undefined;

/**
 * Stays with the student who had the focus when another outcome of the day is chosen by a key.
 * @param of what the lesson belongs to: a course
 * @param otherwise where the focus goes when no student had it; the same from drawing to drawing
 */
export function useKeptFocus(of: string, otherwise: () => void): void {
  useEffect(() => {
    const kept = left;
    left = undefined;
    const isNow = kept?.of === of && systemClock.monotonicMs() - kept.at < keptMs;
    if (isNow) focusTile(kept.student, kept.mark, otherwise);
    else otherwise();
  }, [of, otherwise]);
  // Of the layout, because then the tiles are still there to be asked.
  useLayoutEffect(
    () => () => {
      const student = focusedStudent();
      left =
        student === undefined
          ? undefined
          : { of, student, mark: focusedMark(), at: systemClock.monotonicMs() };
    },
    [of],
  );
}
