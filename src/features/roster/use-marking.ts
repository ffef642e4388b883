import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { UserId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import { giveFeedback } from './feedback.ts';
import type { LessonBoard } from './lesson-board.ts';
import { handsPref } from './lesson-prefs.ts';
import type { Hands } from './lesson-prefs.ts';
import { useRosterUi } from './roster-ui.ts';
import type { TapManner, TapTarget } from './tap-gestures.ts';
import { askMs, TapGuard } from './tap-guard.ts';
import type { Speech } from './use-speech.ts';

export interface Marking {
  /** What a touch on a button does; the same function for the whole lesson. */
  readonly onTap: (target: TapTarget, how: TapManner) => void;
  readonly markAll: (students: readonly UserId[], passed: boolean) => void;
}

/** Turns touches into marks, or into choosing, or into a question. @param speech stays the same from drawing to drawing */
export function useMarking(board: LessonBoard, speech: Pick<Speech, 'sent' | 'tell'>): Marking {
  const hands = useHands();
  const guard = useMemo(() => new TapGuard(), []);
  /** The tile asks whether the tap was meant; another tap says yes, time says no. */
  const ask = useCallback(
    (student: UserId, passed: boolean) => {
      board.setCaught(student, passed ? 'pass' : 'fail');
      speech.tell(student);
      setTimeout(() => board.setCaught(student, undefined), askMs);
    },
    [board, speech],
  );
  const onTap = useCallback(
    ({ student, passed }: TapTarget, { by, atMs }: TapManner) => {
      if (useRosterUi.getState().isSelecting) {
        toggleSelected(board, student);
        return;
      }
      const isFinger = by === 'touch' || by === 'pen';
      if (!guard.allows(student, passed, atMs) && isFinger) {
        ask(student, passed);
        return;
      }
      const result = board.tap(student, passed);
      if (result === 'marked') giveFeedback(passed, hands.current);
      if (result === 'busy') ask(student, passed);
      if (result === 'sent') speech.sent([student], passed);
    },
    [board, guard, hands, speech, ask],
  );
  const markAll = useCallback(
    (students: readonly UserId[], passed: boolean) => {
      const { busy, sent } = board.tapAll(students, passed);
      if (busy.length + sent.length < students.length) giveFeedback(passed, hands.current);
      for (const student of busy) ask(student, passed);
      if (sent.length > 0) speech.sent(sent, passed);
    },
    [board, hands, speech, ask],
  );
  return { onTap, markAll };
}

export function toggleSelected(board: LessonBoard, student: UserId): void {
  const selected = new Set(board.selected);
  if (!selected.delete(student)) selected.add(student);
  board.setSelected(selected);
}

function useHands() {
  const { store } = useAccount();
  const hands = useRef<Hands>(handsPref.fallback);
  useEffect(
    () =>
      store.prefs.watch('account', handsPref).subscribe((chosen) => {
        hands.current = chosen;
      }),
    [store],
  );
  return hands;
}
