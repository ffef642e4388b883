import { useEffect, useMemo } from 'react';
import type { RosterStudent } from './arrange-roster.ts';
import { keepPictures } from './keep-pictures.ts';

/** After this time the grid has been drawn and nothing else is to be done, ms. */
const idleMs = 3_000;

/** @returns whether anybody in the class has a picture: only then are tiles drawn with one */
export function usePictures(students: readonly RosterStudent[]): boolean {
  const pictures = useMemo(() => students.flatMap(({ picture }) => picture ?? []), [students]);
  useEffect(() => {
    if (pictures.length === 0) return undefined;
    let stop: (() => void) | undefined;
    const timer = setTimeout(() => {
      stop = keepPictures(pictures);
    }, idleMs);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [pictures]);
  return pictures.length > 0;
}
