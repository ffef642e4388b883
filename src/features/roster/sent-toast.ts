import type { UserId } from '#domain/ids.ts';
import { changeToast, closeToast, showToast } from '#ui/toast-store.ts';
import type { Toast } from '#ui/toast-store.ts';
import { useRosterUi } from './roster-ui.ts';
import { nameInSheet } from './sheet-name.ts';
import { wordsForMark } from './tile-words.ts';

type Named = Parameters<typeof nameInSheet>[0] & { readonly id: UserId };

interface Explanation {
  readonly student: Named;
  readonly passed: boolean;
  readonly add: () => void;
}

/** The message about each student: one at a time. */
const shown = new Map<UserId, Explanation & { readonly toast: number }>();
let isFollowing = false;

/**
 * Says why a student's mark was not replaced (single mode), and offers to add another. What the shield hides, the
 * message hides too, also when the shield is raised later.
 * @param add adds the mark that was tapped
 */
export function explainSent(student: Named, passed: boolean, add: () => void): void {
  followShield();
  const before = shown.get(student.id);
  if (before !== undefined) closeToast(before.toast);
  const explanation = { student, passed, add };
  shown.set(student.id, { ...explanation, toast: showToast(toastOf(explanation)) });
}

/** The lesson is left: what can be added to it cannot be added from elsewhere. */
export function closeExplanations(): void {
  for (const { toast } of shown.values()) closeToast(toast);
  shown.clear();
}

function toastOf({ student, passed, add }: Explanation): Omit<Toast, 'id'> {
  const { shield } = useRosterUi.getState();
  const name = nameInSheet(student, shield);
  const what = shield === 'results' ? 'another mark' : `“${wordsForMark(passed)}”`;
  return {
    words: `The mark of ${name} is in Canvas, or on the way there. It cannot be replaced, only averaged.`,
    action: { label: `Add ${what} for ${name}`, run: add },
  };
}

function followShield(): void {
  if (isFollowing) return;
  isFollowing = true;
  useRosterUi.subscribe((now, before) => {
    if (now.shield === before.shield) return;
    for (const { toast, ...explanation } of shown.values()) changeToast(toast, toastOf(explanation));
  });
}

/** Says that several students keep the marks they have. They can be marked again one by one. */
export function explainAllSent(count: number): void {
  showToast({
    words: `${count} students have a mark in Canvas, or on the way there: those marks stay. To add another, tap one student at a time.`,
  });
}
