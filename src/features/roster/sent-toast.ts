import type { UserId } from '#domain/ids.ts';
import { closeToast, showToast } from '#ui/toast-store.ts';
import { useRosterUi } from './roster-ui.ts';
import { nameInSheet } from './sheet-name.ts';
import { wordsForMark } from './tile-words.ts';

type Named = Parameters<typeof nameInSheet>[0] & { readonly id: UserId };

/** The message about each student, by its number: one at a time. */
const shown = new Map<UserId, number>();

/**
 * Says why a student's mark was not replaced (single mode), and offers to add another.
 * @param add adds the mark that was tapped
 */
export function explainSent(student: Named, passed: boolean, add: () => void): void {
  const before = shown.get(student.id);
  if (before !== undefined) closeToast(before);
  const name = nameInSheet(student, useRosterUi.getState().shield);
  const id = showToast({
    words: `The mark of ${name} is in Canvas, or on the way there. It cannot be replaced, only averaged.`,
    action: { label: `Add “${wordsForMark(passed)}” for ${name}`, run: add },
  });
  shown.set(student.id, id);
}

/** Says that several students keep the marks they have. They can be marked again one by one. */
export function explainAllSent(count: number): void {
  showToast({
    words: `${count} students have a mark in Canvas, or on the way there: those marks stay. To add another, tap one student at a time.`,
  });
}
