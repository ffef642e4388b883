import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { AssessmentKey } from '#domain/ids.ts';
import { render } from '#testing/render.tsx';
import { LessonChips } from './lesson-chips.tsx';
import type { LessonChip } from './lesson-chips.tsx';
import './roster-bars.css';
import '#ui/base.css';
import '#ui/theme.css';

const chip = (title: string, isCurrent = false): LessonChip => ({
  key: title as AssessmentKey,
  href: `/courses/1/${title}`,
  title,
  isCurrent,
});

function isInView(title: string): boolean {
  const row = page.getByRole('navigation').element().getBoundingClientRect();
  const box = page.getByRole('link', { name: title }).element().getBoundingClientRect();
  return box.left >= row.left - 1 && box.right <= row.right + 1;
}

test('the present assessment is in view, also when the others come after it and when the tablet is turned', async () => {
  const box = (width: string, chips: readonly LessonChip[]) => (
    <div style={{ width, display: 'flex' }}>
      <LessonChips chips={chips} />
    </div>
  );
  const all = [chip('Keeps the rhythm'), chip('Knows the words'), chip('Works with others', true)];
  const { rerender } = render(box('30rem', [all[2]!]));
  rerender(box('30rem', all));
  await expect.poll(() => isInView('Works with others')).toBe(true);
  rerender(box('14rem', all));
  window.dispatchEvent(new Event('resize'));
  await expect.poll(() => isInView('Works with others')).toBe(true);
});
