import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import { gridGap, layOutGrid } from './grid-layout.ts';
import type { GridLayout, GridRoom } from './grid-layout.ts';

type Room = Pick<GridRoom, 'width' | 'height' | 'rem'>;

/**
 * The room as it was measured last, before that a tablet of 1024 × 768: the real one is measured before the first paint.
 * A lesson that follows another begins with the right layout, or it could not stay where that one was scrolled to.
 */
let lastRoom: Room = { width: 1008, height: 632, rem: 16 };

/**
 * Keeps the layout fitting to the room the grid has.
 * @param isHeld while it says true nothing is laid out anew, and the grid keeps its width: no tile moves away under
 * a finger
 */
export function useGridLayout(
  grid: RefObject<HTMLElement | null>,
  want: Pick<GridRoom, 'count' | 'shown' | 'columns' | 'isList'>,
  isHeld: () => boolean,
): GridLayout {
  const [room, setRoom] = useState(lastRoom);
  useEffect(() => {
    const element = grid.current;
    if (element === null) return undefined;
    const stop = new AbortController();
    let isDue = false;
    const measure = () => {
      isDue = isHeld();
      if (isDue) {
        // Past the gap after its last column, as the margins of the grid have it.
        element.style.setProperty('--held-width', `${lastRoom.width + gridGap}px`);
        return;
      }
      element.style.removeProperty('--held-width');
      lastRoom = roomOf(element);
      setRoom((before) => keepSame(before, lastRoom));
    };
    const catchUp = () => {
      if (isDue) measure();
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const end of ['pointerup', 'pointercancel', 'blur']) {
      window.addEventListener(end, catchUp, { signal: stop.signal });
    }
    return () => {
      observer.disconnect();
      stop.abort();
    };
  }, [grid, isHeld]);
  return layOutGrid({ ...room, ...want });
}

function roomOf(element: HTMLElement): Room {
  const style = getComputedStyle(element);
  const pad = (...sides: string[]) =>
    sides.reduce((sum, side) => sum + Number.parseFloat(style.getPropertyValue(`padding-${side}`)), 0);
  return {
    width: element.clientWidth - pad('left', 'right'),
    // On a screen too low for two bars and a class the page scrolls as a whole (roster-bars.css).
    height: style.overflowY === 'visible' ? 0 : element.clientHeight - pad('top', 'bottom'),
    rem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  };
}

function keepSame(before: Room, now: Room): Room {
  const isSame = before.width === now.width && before.height === now.height && before.rem === now.rem;
  return isSame ? before : now;
}
