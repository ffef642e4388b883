import { useEffect } from 'react';
import { Button } from '#ui/button.tsx';
import { NoticeBar } from '#ui/notice-bar.tsx';
import type { LessonBoard } from './lesson-board.ts';
import { unsavedWords } from './save-words.ts';
import { askBeforeLoss } from './unsaved-taps.ts';
import { useCounters } from './use-board.ts';

interface UnsavedNoticeProps {
  readonly board: LessonBoard;
  /** What the latest failed write threw. */
  readonly lastError: () => unknown;
}

/** At the top for as long as a tap is not on the disk. */
export function UnsavedNotice({ board, lastError }: UnsavedNoticeProps) {
  const { unsaved } = useCounters(board);
  useEffect(() => {
    if (unsaved > 0) askBeforeLoss();
  }, [unsaved]);
  if (unsaved === 0) return null;
  const { what, why } = unsavedWords(unsaved, lastError());
  return (
    <NoticeBar tone="warn">
      <p>
        <strong>{what}.</strong> {why}
      </p>
      <Button tone="primary" onClick={() => board.saveAgain()}>
        Save again
      </Button>
      <Button tone="warn" onClick={() => board.forgetUnsaved()}>
        Do not keep
      </Button>
    </NoticeBar>
  );
}
