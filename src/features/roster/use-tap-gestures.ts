import { useEffect, useMemo } from 'react';
import type { RefObject } from 'react';
import type { UserId } from '#domain/ids.ts';
import { TapGestures } from './tap-gestures.ts';
import type { Contact, TapManner, TapTarget } from './tap-gestures.ts';

interface TapHandlers {
  /** Both MUST stay the same from drawing to drawing: the fingers on the glass live as long as they do. */
  readonly onTap: (target: TapTarget, how: TapManner) => void;
  /** Several touches at once marked nobody. */
  readonly onRefused: () => void;
}

/**
 * Listens to every pointer on the grid with one set of native listeners, and paints a landing finger by an
 * attribute on its tile, without React: the paint must be in the next frame on the slowest tablet.
 */
export function useTapGestures(
  grid: RefObject<HTMLElement | null>,
  { onTap, onRefused }: TapHandlers,
): TapGestures {
  const gestures = useMemo(
    () =>
      new TapGestures({
        press: (target, surely) => paint(grid.current, target, surely),
        release: (target) => unpaint(grid.current, target),
        tap: onTap,
        refuse: onRefused,
      }),
    [grid, onTap, onRefused],
  );
  useEffect(() => {
    const element = grid.current;
    if (element === null) return undefined;
    const stop = new AbortController();
    listen(element, gestures, stop.signal);
    return () => {
      stop.abort();
      gestures.reset();
    };
  }, [grid, gestures]);
  return gestures;
}

function listen(grid: HTMLElement, gestures: TapGestures, signal: AbortSignal): void {
  const passive = { signal, passive: true };
  grid.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button === 0) gestures.down(targetOf(event.target), contactOf(event));
    },
    passive,
  );
  // On the window, because a mouse may be let go anywhere.
  window.addEventListener('pointermove', (event) => gestures.move(contactOf(event)), passive);
  window.addEventListener('pointerup', (event) => gestures.up(contactOf(event)), passive);
  window.addEventListener(
    'pointercancel',
    (event) => gestures.cancel(event.pointerId, event.timeStamp),
    passive,
  );
  window.addEventListener('blur', () => gestures.reset(), passive);
  window.addEventListener('scroll', (event) => gestures.scrolled(event.timeStamp), {
    ...passive,
    capture: true,
  });
  grid.addEventListener(
    'click',
    (event) => {
      const target = targetOf(event.target);
      if (target !== undefined) gestures.click(target, event.detail === 0, event.timeStamp);
    },
    passive,
  );
  // The touch has been judged. Without this the browser would play a mouse after it, which costs more than the mark.
  grid.addEventListener(
    'touchend',
    (event) => {
      if (event.cancelable && targetOf(event.target) !== undefined) event.preventDefault();
    },
    { signal, passive: false },
  );
  grid.addEventListener(
    'keydown',
    (event) => {
      // A key that is held down would mark again and again.
      if (event.repeat && event.key === 'Enter' && targetOf(event.target) !== undefined)
        event.preventDefault();
    },
    { signal },
  );
}

function targetOf(element: EventTarget | null): TapTarget | undefined {
  if (!(element instanceof Element)) return undefined;
  const mark = element.closest<HTMLElement>('[data-mark]');
  const student = mark?.closest<HTMLElement>('[data-student]')?.dataset['student'];
  if (mark === null || student === undefined) return undefined;
  return { student: student as UserId, passed: mark.dataset['mark'] === 'pass' };
}

function contactOf(event: PointerEvent): Contact {
  return {
    pointer: event.pointerId,
    kind: event.pointerType === 'mouse' || event.pointerType === 'pen' ? event.pointerType : 'touch',
    x: event.clientX,
    y: event.clientY,
    breadth: Math.max(event.width, event.height),
    atMs: event.timeStamp,
  };
}

function tileOf(grid: HTMLElement | null, { student }: TapTarget): HTMLElement | undefined {
  return grid?.querySelector<HTMLElement>(`.tile[data-student="${CSS.escape(student)}"]`) ?? undefined;
}

function paint(grid: HTMLElement | null, target: TapTarget, surely: boolean): void {
  const tile = tileOf(grid, target);
  const word = target.passed ? 'pass' : 'fail';
  if (surely) tile?.setAttribute('data-press', word);
  else tile?.querySelector(`[data-mark="${word}"]`)?.setAttribute('data-held', '');
}

function unpaint(grid: HTMLElement | null, target: TapTarget): void {
  const tile = tileOf(grid, target);
  tile?.removeAttribute('data-press');
  tile?.querySelector('[data-held]')?.removeAttribute('data-held');
}
