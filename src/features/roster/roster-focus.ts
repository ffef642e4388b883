import type { UserId } from '#domain/ids.ts';

/** The student whose tile has the focus. */
export function focusedStudent(): UserId | undefined {
  const tile = document.activeElement?.closest<HTMLElement>('.tile[data-student]');
  return tile?.dataset['student'] as UserId | undefined;
}

/**
 * Moves the focus to a neighbouring tile, to the same button of it.
 * @param by how many tiles on, in the order of the class
 */
export function moveFocus(students: readonly { readonly id: UserId }[], by: number): void {
  const from = focusedStudent();
  const at = students.findIndex(({ id }) => id === from);
  const to = students[at === -1 ? 0 : Math.max(0, Math.min(students.length - 1, at + by))];
  if (to === undefined) return;
  const tile = tileOf(to.id);
  const kind =
    document.activeElement instanceof HTMLElement ? document.activeElement.dataset['mark'] : undefined;
  const button =
    tile?.querySelector<HTMLElement>(`[data-mark="${kind ?? 'pass'}"]`) ?? tile?.querySelector('button');
  button?.focus({ preventScroll: true });
  tile?.scrollIntoView({ block: 'nearest' });
}

/** To the student's name, which stays when the two buttons go: who is away cannot be marked. */
export function focusName(student: UserId): void {
  tileOf(student)?.querySelector<HTMLElement>('.tile-name')?.focus({ preventScroll: true });
}

function tileOf(student: UserId): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.tile[data-student="${CSS.escape(student)}"]`);
}

/** How many tiles stand side by side. */
export function columnsShown(): number {
  const grid = document.querySelector<HTMLElement>('.roster-grid');
  return Number(grid?.dataset['columns'] ?? 1);
}
