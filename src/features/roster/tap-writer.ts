import type { Mark } from '#domain/mark.ts';
import type { SaveTaps, Settled, Tap } from './tap.ts';

interface TapWriterDeps {
  readonly save: SaveTaps;
  /** Told before the disk is: the taps count as being on their way to it. */
  readonly begin: (taps: readonly Tap[]) => void;
  /** Takes what a write made new or different, before its taps are settled. */
  readonly follow: (marks: readonly Mark[]) => void;
  /** Told of every tap once; of one gesture twice where some of its taps were saved and others came too late. */
  readonly settle: Settled;
}

/** Hands gestures to the disk and knows whether any is on its way there. It repeats nothing by itself. */
export class TapWriter {
  readonly #deps: TapWriterDeps;
  #writing = 0;

  constructor(deps: TapWriterDeps) {
    this.#deps = deps;
  }

  get isWriting(): boolean {
    return this.#writing > 0;
  }

  write(taps: readonly Tap[]): void {
    this.#writing += 1;
    this.#deps.begin(taps);
    this.#deps.save(taps).then(
      (saved) => {
        this.#writing -= 1;
        const marks = saved.kind === 'saved' ? saved.marks : [];
        if (marks.length > 0) this.#deps.follow(marks);
        const ids = new Set(marks.map(({ id }) => id));
        const kept = taps.filter(({ id }) => ids.has(id));
        if (kept.length > 0) this.#deps.settle(kept, 'saved');
        if (kept.length === taps.length) return;
        this.#deps.settle(
          taps.filter(({ id }) => !ids.has(id)),
          'too-late',
        );
      },
      (error: unknown) => {
        this.#writing -= 1;
        this.#deps.settle(taps, 'failed', error);
      },
    );
  }
}
