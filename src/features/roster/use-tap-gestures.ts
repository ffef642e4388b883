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
        press: paint,
        release: unpaint,
        tap: onTap,
        refuse: onRefused,
      }),
    [onTap, onRefused],
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
  hushTouches(grid, signal);
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

/** A finger brings these with it, and nobody in the class waits for them. */
const unheard = [
  'pointerover',
  'pointerout',
  'gotpointercapture',
  'lostpointercapture',
  'touchstart',
] as const;

/**
 * React listens to every event of the page, twice, and looks through the tree for handlers. For a touch in the class
 * there are none, and on a slow tablet the search takes as long as painting the tile does.
 */
function hushTouches(grid: HTMLElement, signal: AbortSignal): void {
  const hush = (event: Event) => {
    const isTouch = !(event instanceof PointerEvent) || event.pointerType === 'touch';
    if (isTouch && event.target instanceof Node && grid.contains(event.target)) event.stopPropagation();
  };
  for (const kind of unheard) window.addEventListener(kind, hush, { signal, capture: true, passive: true });
}

/** The button that a touch landed on; to look for it by its student would go through the whole class. */
const buttons = new WeakMap<TapTarget, HTMLElement>();

function targetOf(element: EventTarget | null): TapTarget | undefined {
  if (!(element instanceof Element)) return undefined;
  const button = element.closest<HTMLElement>('[data-mark]');
  const student = button?.closest<HTMLElement>('[data-student]')?.dataset['student'];
  if (button === null || student === undefined) return undefined;
  const target = { student: student as UserId, passed: button.dataset['mark'] === 'pass' };
  buttons.set(target, button);
  return target;
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

function paint(target: TapTarget, surely: boolean): void {
  const button = buttons.get(target);
  if (surely) tileOf(button)?.setAttribute('data-press', target.passed ? 'pass' : 'fail');
  else button?.setAttribute('data-held', '');
}

function unpaint(target: TapTarget): void {
  const button = buttons.get(target);
  tileOf(button)?.removeAttribute('data-press');
  button?.removeAttribute('data-held');
}

function tileOf(button: HTMLElement | undefined): Element | null | undefined {
  return button?.closest('.tile');
}
