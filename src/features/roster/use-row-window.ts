import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import { rowsToMount } from './row-window.ts';
import type { RowWindow } from './row-window.ts';

interface GridShape {
  readonly count: number;
  readonly columns: number;
  readonly rowHeight: number;
}

/** What is in view before anything is measured, px. */
const guess = { scrollTop: 0, height: 1400 };

/** The rows of the class that exist now; follows whatever scrolls around `grid`. */
export function useRowWindow(grid: RefObject<HTMLElement | null>, shape: GridShape): RowWindow {
  const { count, columns, rowHeight } = shape;
  const [seen, setSeen] = useState(guess);
  const rows = rowsToMount({ count, columns, rowHeight, ...seen });
  useEffect(() => {
    const follow = () => {
      const top = grid.current?.getBoundingClientRect().top ?? 0;
      const now = { scrollTop: Math.max(0, -top), height: window.innerHeight };
      setSeen((before) => (sameRows(before, now, { count, columns, rowHeight }) ? before : now));
    };
    follow();
    // In the capturing phase, because scrolling does not bubble and not only the grid may scroll.
    const options = { capture: true, passive: true };
    window.addEventListener('scroll', follow, options);
    window.addEventListener('resize', follow, options);
    return () => {
      window.removeEventListener('scroll', follow, options);
      window.removeEventListener('resize', follow, options);
    };
  }, [grid, count, columns, rowHeight]);
  return rows;
}

function sameRows(a: typeof guess, b: typeof guess, shape: GridShape): boolean {
  const before = rowsToMount({ ...shape, ...a });
  const now = rowsToMount({ ...shape, ...b });
  return before.first === now.first && before.end === now.end;
}
