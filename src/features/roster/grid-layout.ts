/** The space between two tiles, px. It does not grow with the text: the room is better spent inside the tiles. */
export const gridGap = 6;

/** Below this a name is cut and a half-tile gets narrower than a thumb, rem. */
const leastWidth = 8.25;
/** A name of two lines and 44 px above buttons of 44 px, rem. */
const leastHeight = 6;
/** When the class must scroll anyway its tiles need not be squeezed, rem. */
const scrollWidth = 9.5;
const scrollHeight = 6.5;
/** Taller tiles only move the buttons away from the name they belong to, rem. */
const mostHeight = 11;
/** The height of the name above the buttons, rem. */
const nameHeight = 2.75;
/** From here on a tile has room for words beside its glyphs, rem. */
const wordsWidth = 11.5;
/** A list has the name, what was marked and two buttons in one line, rem. */
const listWidth = 26;
const listHeight = 3.375;
/** Two targets of 44 px side by side, and the lines around them: no setting makes a tile narrower, px. */
const targetsWidth = 101;
/** Two targets of 44 px one above the other, and the lines around them: no text size makes a tile lower, px. */
const targetsHeight = 96;
/** One target of 44 px and the lines around it, px. */
const targetHeight = 52;

export interface GridRoom {
  /** Inner width and height of the grid, px. */
  readonly width: number;
  readonly height: number;
  /** How many students the tiles are sized for: the whole class, also while a filter shows a few of it. */
  readonly count: number;
  /** How many of them are shown; absent: all. */
  readonly shown?: number;
  /** The user's text size, px. */
  readonly rem: number;
  /** What the teacher chose; absent: as suits the class. */
  readonly columns?: number;
  /** Lines instead of tiles. */
  readonly isList?: boolean;
}

export interface GridLayout {
  readonly columns: number;
  /** px */
  readonly rowHeight: number;
  /** False when all that is shown is on the screen: then nothing can be scrolled by mistake. */
  readonly scrolls: boolean;
  readonly showsWords: boolean;
}

/**
 * Lays the class out so that everybody is on the screen if that is possible, with buttons as large as that
 * allows in their smaller direction; otherwise with tiles of a comfortable size that scroll.
 */
export function layOutGrid(room: GridRoom): GridLayout {
  if (room.isList === true) {
    return finish(
      room,
      columnsOfWidth(room, listWidth),
      Math.max(targetHeight, Math.round(listHeight * room.rem)),
    );
  }
  const candidates = columnChoices(room);
  const fitting = candidates.map((columns) => fit(room, columns)).filter((layout) => layout !== undefined);
  const rows = ({ columns }: GridLayout) => Math.ceil(room.count / columns);
  const [best] = fitting.sort((a, b) => buttonSize(room, b) - buttonSize(room, a) || rows(a) - rows(b));
  return best ?? scrolling(room);
}

/** How many columns a teacher can choose between in this width. */
export function columnRange(width: number): { readonly least: number; readonly most: number } {
  const most = Math.max(1, Math.floor((width + gridGap) / (targetsWidth + gridGap)));
  return { least: Math.min(4, most), most: Math.min(8, most) };
}

function columnChoices(room: GridRoom): number[] {
  if (room.columns !== undefined) return [clampColumns(room, room.columns)];
  const most = columnsOfWidth(room, leastWidth);
  return Array.from({ length: Math.min(most, Math.max(1, room.count)) }, (_, index) => index + 1);
}

function columnsOfWidth(room: GridRoom, rems: number): number {
  return Math.max(
    1,
    Math.floor((room.width + gridGap) / (Math.max(targetsWidth, rems * room.rem) + gridGap)),
  );
}

function clampColumns(room: GridRoom, columns: number): number {
  return Math.max(1, Math.min(columns, columnRange(room.width).most));
}

function fit(room: GridRoom, columns: number): GridLayout | undefined {
  const rows = Math.max(1, Math.ceil(room.count / columns));
  const height = Math.floor((room.height - (rows - 1) * gridGap) / rows);
  if (height < Math.max(targetsHeight, leastHeight * room.rem)) return undefined;
  return finish(room, columns, Math.min(height, Math.max(targetsHeight, mostHeight * room.rem)));
}

function scrolling(room: GridRoom): GridLayout {
  const chosen = room.columns ?? columnsOfWidth(room, scrollWidth);
  return finish(
    room,
    clampColumns(room, chosen),
    Math.max(targetsHeight, Math.round(scrollHeight * room.rem)),
  );
}

function finish(room: GridRoom, columns: number, rowHeight: number): GridLayout {
  const rows = Math.ceil((room.shown ?? room.count) / columns);
  const scrolls = rows * (rowHeight + gridGap) - gridGap > room.height;
  const showsWords = tileWidth(room, columns) >= wordsWidth * room.rem;
  return { columns, rowHeight, scrolls, showsWords };
}

function tileWidth(room: GridRoom, columns: number): number {
  return (room.width - (columns - 1) * gridGap) / columns;
}

function buttonSize(room: GridRoom, layout: GridLayout): number {
  return Math.min(tileWidth(room, layout.columns) / 2, layout.rowHeight - nameHeight * room.rem);
}
