import { useLayoutEffect } from 'react';
import type { RefObject } from 'react';
import { systemClock } from '#lib/clock.ts';

/** From one outcome to the next takes less than this; who comes back later begins at the top, ms. */
const keptMs = 2_000;

let left: { readonly of: string; readonly top: number; readonly at: number } | undefined;

/** Stays at the same students when another outcome of the day is chosen. @param of what is scrolled: a course */
export function useKeptScroll(room: RefObject<HTMLElement | null>, of: string): void {
  useLayoutEffect(() => {
    const element = room.current;
    if (element === null) return undefined;
    let top = 0;
    // Asked or told for nothing, the browser would lay out the class before it has to.
    if (left?.of === of && left.top > 0 && systemClock.monotonicMs() - left.at < keptMs) {
      element.scrollTop = left.top;
      top = element.scrollTop;
    }
    const follow = () => {
      top = element.scrollTop;
    };
    element.addEventListener('scroll', follow, { passive: true });
    return () => {
      element.removeEventListener('scroll', follow);
      left = { of, top, at: systemClock.monotonicMs() };
    };
  }, [room, of]);
}
