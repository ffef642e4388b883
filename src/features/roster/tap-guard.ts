import type { UserId } from '#domain/ids.ts';

/*
 * A finger that bounces, or a hand that shakes, taps twice where once was meant. Such a second tap lands on the
 * same button at once; one that was meant comes later, and one that corrects is aimed at the other button.
 * Only fingers and pens bounce: a mouse and a key are not asked.
 */

/** A second tap on the same button sooner than this was not aimed, ms. Two thumbs at full speed need 200 each. */
const sameButtonMs = 190;
/** On the tile's other button: moving there takes longer than this, ms. */
const otherButtonMs = 90;
/** How long the tile asks whether the tap that was caught was meant, ms. */
export const askMs = 6_000;

interface LastTap {
  readonly passed: boolean;
  readonly atMs: number;
}

/** Catches a second tap on one tile within a moment. */
export class TapGuard {
  readonly #last = new Map<UserId, LastTap>();

  /** @returns false when the tap has to be confirmed by another one. @param atMs monotonic */
  allows(student: UserId, passed: boolean, atMs: number): boolean {
    const last = this.#last.get(student);
    this.#last.set(student, { passed, atMs });
    if (last === undefined) return true;
    return atMs - last.atMs >= (last.passed === passed ? sameButtonMs : otherButtonMs);
  }
}
