/* What the screen said, tap by tap: the only witness of what a teacher may rely on. */

/** A tap or a tile, as the page reported it. `life`: one document; `lane`: the address of the class. */
export type ScreenReport =
  | {
      readonly kind: 'tap';
      readonly life: string;
      readonly lane: string;
      readonly student: string;
      readonly passed: boolean;
      /** Device time when the finger was lifted, ms. */
      readonly atMs: number;
    }
  | {
      readonly kind: 'tile';
      readonly life: string;
      readonly lane: string;
      readonly student: string;
      /** How many marks the tile counts, those that are being saved among them. */
      readonly tries: number;
      /** True when it calls the last of them saved, or more than that. */
      readonly saved: boolean;
      /** True when it says that a tap was not saved. */
      readonly failed: boolean;
    };

export interface ScreenTap {
  /** In order of tapping, over all lanes; from 1. */
  readonly n: number;
  readonly lane: string;
  readonly student: string;
  readonly passed: boolean;
  readonly atMs: number;
  /** The screen has called it saved. Never taken back. */
  saved: boolean;
}

export type Touch = Pick<ScreenTap, 'lane' | 'student' | 'passed' | 'atMs'>;

/** A tile that, after a restart, counted fewer marks than it had called saved. */
export interface Forgotten {
  readonly lane: string;
  readonly student: string;
  readonly calledSaved: number;
  readonly shown: number;
}

interface TileLife {
  /** Marks on the tile before the first tap of this document. */
  readonly base: number;
  /** Taps of this document, in order. */
  readonly taps: ScreenTap[];
  /** A tap of it failed: from then on counts no longer tell which are saved. */
  failed: boolean;
}

/** Keeps what a browser reported over all its lives, in the order of the reports. */
export class ScreenLedger {
  readonly taps: ScreenTap[] = [];
  readonly forgotten: Forgotten[] = [];
  /** Taps that the screen said were not saved. */
  failures = 0;
  private readonly tiles = new Map<string, TileLife>();
  /** What was touched last, and how many taps had been reported before. */
  private touched: { readonly tap: Touch; readonly before: number } | undefined;

  /** The tester's own word, before the finger lands. */
  touch(tap: Touch): void {
    this.touched = { tap, before: this.taps.length };
  }

  /**
   * The browser is dead. It may have saved the mark of the last touch and not have lived to report the tap: then that is
   * a tap which nobody called saved, and a row of it is none too many.
   */
  browserDied(): void {
    const { touched } = this;
    this.touched = undefined;
    if (touched?.before !== this.taps.length) return;
    this.taps.push({ n: this.taps.length + 1, ...touched.tap, saved: false });
  }

  report(report: ScreenReport): void {
    const tile = `${report.life} ${report.lane} ${report.student}`;
    if (report.kind === 'tile') this.tile(tile, report);
    else {
      const { lane, student, passed, atMs } = report;
      const tap: ScreenTap = { n: this.taps.length + 1, lane, student, passed, atMs, saved: false };
      this.taps.push(tap);
      this.tiles.get(tile)?.taps.push(tap);
    }
  }

  private tile(name: string, report: Extract<ScreenReport, { kind: 'tile' }>): void {
    const { lane, student, tries, saved, failed } = report;
    const known = this.tiles.get(name);
    if (known === undefined) {
      const calledSaved = this.taps.filter(
        (tap) => tap.saved && tap.lane === lane && tap.student === student,
      ).length;
      if (tries < calledSaved) this.forgotten.push({ lane, student, calledSaved, shown: tries });
      this.tiles.set(name, { base: tries, taps: [], failed: false });
      return;
    }
    if (failed && !known.failed) this.failures += 1;
    known.failed ||= failed;
    // Marks are saved in the order of the taps, and a tile speaks of its last one.
    if (saved && !known.failed) for (const tap of known.taps.slice(0, tries - known.base)) tap.saved = true;
  }
}
