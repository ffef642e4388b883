import type { Counters } from './lesson-counters.ts';

/** Knows when the end of a round is to be told: the next may have begun while its last mark was still being written. */
export class RoundEnd {
  /** The round that was completed last; 0: its end has been told, or undone. */
  #completed = 0;

  /** @returns true once for each completed round, when nothing is on its way to the disk */
  isDue(
    { round, isRoundComplete }: Pick<Counters, 'round' | 'isRoundComplete'>,
    isWriting: boolean,
  ): boolean {
    if (isRoundComplete) this.#completed = round;
    else if (round <= this.#completed) this.#completed = 0;
    if (this.#completed === 0 || isWriting) return false;
    this.#completed = 0;
    return true;
  }
}
