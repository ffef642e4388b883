import type { UserId } from '#domain/ids.ts';
import { gridGap } from './grid-layout.ts';

/** A tile that has to be scrolled to exists within so many frames. */
const patience = 30;

/** The student whose tile has the focus. */
export function focusedStudent(): UserId | undefined {
  const tile = document.activeElement?.closest<HTMLElement>('.tile[data-student]');
  return tile?.dataset['student'] as UserId | undefined;
}

/** Which of the two buttons of a tile has the focus. */
export function focusedMark(): string | undefined {
  return document.activeElement instanceof HTMLElement ? document.activeElement.dataset['mark'] : undefined;
}

/**
 * Moves the focus to a neighbouring tile, to the same button of it; without a focused tile to the first one in view.
 * Of a large class only the tiles near the view exist: a neighbour that does not is scrolled to first.
 * @param by how many tiles on, in the order of the class
 */
export function moveFocus(students: readonly { readonly id: UserId }[], by: number): void {
  const at = students.findIndex(({ id }) => id === focusedStudent());
  const to = at === -1 ? firstInView() : students[Math.max(0, Math.min(students.length - 1, at + by))]?.id;
  if (to === undefined) return;
  if (tileOf(to) === null) scrollToRow(students.findIndex(({ id }) => id === to));
  focusTile(to, focusedMark());
}

/**
 * Focuses a tile as soon as it exists: its button `mark`, or what it has in its place.
 * @param otherwise what to do when it does not come to exist
 */
export function focusTile(student: UserId, mark = 'pass', otherwise?: () => void, frames = patience): void {
  const tile = tileOf(student);
  if (tile === null) {
    if (frames === 0) otherwise?.();
    else requestAnimationFrame(() => focusTile(student, mark, otherwise, frames - 1));
    return;
  }
  const button = tile.querySelector<HTMLElement>(`[data-mark="${mark}"]`) ?? tile.querySelector('button');
  button?.focus({ preventScroll: true });
  tile.scrollIntoView({ block: 'nearest' });
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

function firstInView(): UserId | undefined {
  const tiles = [...document.querySelectorAll<HTMLElement>('.tile[data-student]')];
  const top = Math.max(0, document.querySelector('.roster-room')?.getBoundingClientRect().top ?? 0);
  const first = tiles.find((tile) => tile.getBoundingClientRect().top >= top) ?? tiles[0];
  return first?.dataset['student'] as UserId | undefined;
}

/** Brings the row of a tile that does not exist yet to the top of what scrolls: the class, or the page around it. */
function scrollToRow(place: number): void {
  const room = document.querySelector('.roster-room');
  const grid = room?.querySelector('.roster-grid');
  const height = grid?.querySelector('.tile')?.getBoundingClientRect().height;
  if (room == null || grid == null || height === undefined) return;
  const rowTop = Math.floor(place / columnsShown()) * (height + gridGap);
  const scroller = getComputedStyle(room).overflowY === 'visible' ? document.documentElement : room;
  const top = scroller === room ? room.getBoundingClientRect().top : 0;
  scroller.scrollTop += grid.getBoundingClientRect().top + rowTop - top;
}
