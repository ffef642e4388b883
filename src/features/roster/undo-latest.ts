import type { MarkActions } from '#store/mark-actions.ts';
import type { Undone, UndoStep } from '#store/marks/undo.ts';

type UndoActions = Pick<MarkActions, 'undoHistory' | 'undo'>;

/**
 * Takes back what was marked last, also a tap of this very moment that the button does not name yet: the device's own
 * history is asked, behind all taps that are on their way to the disk. Presses take their turns.
 */
export class UndoLatest {
  #turn: Promise<unknown> = Promise.resolve();
  readonly #marks: UndoActions;
  /** The gesture taken back last; the button may still name it. */
  #undone: string | undefined;

  constructor(marks: UndoActions) {
    this.#marks = marks;
  }

  /**
   * @param shown what the button names. Nothing older is taken back in its place when it has been sent meanwhile.
   * @param holdMs for a mark that comes back because the undone one had replaced it
   * @returns undefined when there was nothing to undo
   * @throws StorageError
   */
  undo(shown: UndoStep | undefined, holdMs: () => Promise<number | null>): Promise<Undone | undefined> {
    const turn = this.#turn.then(async () => {
      const [latest] = await this.#marks.undoHistory(1);
      const named = shown?.gesture === this.#undone ? undefined : shown;
      const step = newestSeq(latest) >= newestSeq(named) ? latest : named;
      if (step === undefined) return undefined;
      const undone = await this.#marks.undo(step, await holdMs());
      this.#undone = step.gesture;
      return undone;
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function newestSeq(step: UndoStep | undefined): number {
  return step?.marks.at(-1)?.seq ?? 0;
}
