/** Where in the files something stands. Lines count from 1, the heading being the first. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** More are counted but not shown: mostly they are one mistake many times. */
const MOST_SHOWN = 50;

/** What is wrong with the files of a roster, gathered so that all of it can be mended at once. */
export class Problems {
  readonly #lines: string[] = [];
  #count = 0;

  add(place: Place, column: string | undefined, words: string): void {
    this.#count += 1;
    if (this.#lines.length >= MOST_SHOWN) return;
    const where = column === undefined ? '' : `, column ${column}`;
    this.#lines.push(`${place.file}, line ${String(place.line)}${where}: ${words}`);
  }

  /** @throws RosterError when something was added */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const hidden = this.#count - this.#lines.length;
    throw new RosterError([
      ...this.#lines,
      ...(hidden === 0 ? [] : [`… and ${String(hidden)} more`]),
      'Nothing was changed.',
    ]);
  }
}

/** The files cannot be imported; its lines say why, for people. */
export class RosterError extends Error {
  override readonly name = 'RosterError';
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
  }
}
