import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import { layOutGrid } from './grid-layout.ts';
import type { GridLayout, GridRoom } from './grid-layout.ts';

type Room = Pick<GridRoom, 'width' | 'height' | 'rem'>;

/** A tablet of 1024 × 768, until the real one is measured before the first paint. */
const guess: Room = { width: 1008, height: 632, rem: 16 };

/**
 * Keeps the layout fitting to the room the grid has.
 * @param isHeld while it says true nothing is laid out anew: no tile moves away under a finger
 */
export function useGridLayout(
  grid: RefObject<HTMLElement | null>,
  want: Pick<GridRoom, 'count' | 'shown' | 'columns' | 'isList'>,
  isHeld: () => boolean,
): GridLayout {
  const [room, setRoom] = useState<Room>(guess);
  useEffect(() => {
    const element = grid.current;
    if (element === null) return undefined;
    const stop = new AbortController();
    let isDue = false;
    const measure = () => {
      isDue = isHeld();
      if (!isDue) setRoom((before) => keepSame(before, roomOf(element)));
    };
    const catchUp = () => {
      if (isDue) measure();
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const end of ['pointerup', 'pointercancel']) {
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
    // On a screen too low for two bars and a class the page scrolls as a whole (roster-screen.css).
    height: style.overflowY === 'visible' ? 0 : element.clientHeight - pad('top', 'bottom'),
    rem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  };
}

function keepSame(before: Room, now: Room): Room {
  const isSame = before.width === now.width && before.height === now.height && before.rem === now.rem;
  return isSame ? before : now;
}
