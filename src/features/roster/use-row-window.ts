import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import { rowsToMount, spareRows } from './row-window.ts';
import type { RowWindow } from './row-window.ts';

interface GridShape {
  readonly count: number;
  readonly columns: number;
  readonly rowHeight: number;
}

interface InView {
  readonly scrollTop: number;
  readonly height: number;
  readonly spareRows: number;
}

/**
 * The rows of the class that exist now; follows whatever scrolls around `grid`. At first only those in view, because
 * a lesson begins when these can be tapped; the spare ones follow once they are painted.
 */
export function useRowWindow(grid: RefObject<HTMLElement | null>, shape: GridShape): RowWindow {
  const { count, columns, rowHeight } = shape;
  const [seen, setSeen] = useState<InView>(() => ({
    scrollTop: 0,
    height: window.innerHeight,
    spareRows: 0,
  }));
  const rows = rowsToMount({ count, columns, rowHeight, ...seen });
  useEffect(() => {
    const follow = () => {
      const top = grid.current?.getBoundingClientRect().top ?? 0;
      const now = { scrollTop: Math.max(0, -top), height: window.innerHeight, spareRows };
      setSeen((before) => (sameRows(before, now, { count, columns, rowHeight }) ? before : now));
    };
    let painted: ReturnType<typeof setTimeout>;
    const frame = requestAnimationFrame(() => {
      painted = setTimeout(follow);
    });
    // In the capturing phase, because scrolling does not bubble and not only the grid may scroll.
    const options = { capture: true, passive: true };
    window.addEventListener('scroll', follow, options);
    window.addEventListener('resize', follow, options);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(painted);
      window.removeEventListener('scroll', follow, options);
      window.removeEventListener('resize', follow, options);
    };
  }, [grid, count, columns, rowHeight]);
  return rows;
}

function sameRows(a: InView, b: InView, shape: GridShape): boolean {
  const before = rowsToMount({ ...shape, ...a });
  const now = rowsToMount({ ...shape, ...b });
  return before.first === now.first && before.end === now.end;
}
