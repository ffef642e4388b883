import { gridGap } from './grid-layout.ts';

/** Up to so many tiles are simply all there; each one more makes every frame after a tap dearer. */
const mostMounted = 100;
/** Rows kept ready above and below the screen, so that a swipe finds them drawn. */
export const spareRows = 3;
/** The window moves by so many. */
const stepRows = 2;

export interface RowWindow {
  readonly first: number;
  /** One past the last row. */
  readonly end: number;
}

/** Which rows of a large class have to exist. Moves in steps, so that a swipe does not draw at every pixel. */
export function rowsToMount(view: {
  readonly count: number;
  readonly columns: number;
  readonly rowHeight: number;
  readonly scrollTop: number;
  readonly height: number;
  readonly spareRows: number;
}): RowWindow {
  const rows = Math.ceil(view.count / view.columns);
  if (view.count <= mostMounted) return { first: 0, end: rows };
  const step = view.rowHeight + gridGap;
  const inView = Math.ceil(view.height / step);
  // Without spare rows the window need not stay while it is moved over.
  const grain = view.spareRows > 0 ? stepRows : 1;
  const top = Math.min(Math.floor(view.scrollTop / step / grain) * grain, Math.max(0, rows - inView));
  return {
    first: Math.max(0, top - view.spareRows),
    end: Math.min(rows, top + inView + grain + view.spareRows),
  };
}
