import { useCallback, useMemo } from 'react';
import { useAccount } from '#features/account-context.ts';
import { holdBackPref } from '#features/hold-back.ts';
import type { UndoStep } from '#store/marks/undo.ts';
import { useLive } from '#store/use-live.ts';
import { showToast } from '#ui/toast-store.ts';
import type { LessonBoard } from './lesson-board.ts';
import { UndoLatest } from './undo-latest.ts';
import { nothingToUndoWords, tooLateWords } from './undo-words.ts';

export interface Undo {
  /** The latest gesture that can be undone, of this class or another; undefined: there is none. */
  readonly step: UndoStep | undefined;
  readonly undo: () => Promise<void>;
}

/** @param board tells what this lesson has, to say why nothing can be undone */
export function useUndo(board: LessonBoard): Undo {
  const { store } = useAccount();
  const history = useLive(() => store.watch.undo(1), [store]);
  const step = history.status === 'ready' ? history.value[0] : undefined;
  const latest = useMemo(() => new UndoLatest(store.marks), [store]);
  const undo = useCallback(async () => {
    try {
      const undone = await latest.undo(step, () => store.prefs.read('account', holdBackPref));
      if (undone === undefined) {
        const words = nothingToUndoWords(board.marks);
        if (words !== undefined) showToast({ words });
        return;
      }
      const words = tooLateWords(undone.withdrawn.length, undone.tooLate);
      if (words !== undefined) showToast({ words });
    } catch {
      showToast({ words: 'This could not be undone: the device could not write it down. The mark stands.' });
    }
  }, [store, latest, step, board]);
  return { step, undo };
}
