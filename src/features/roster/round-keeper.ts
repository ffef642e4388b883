import type { UserId } from '#domain/ids.ts';
import { RoundCounter } from '#domain/rounds.ts';
import type { RoundFacts } from './tile-facts.ts';

/** One mark or painted tap, in the order of marking. */
export interface RoundStep {
  readonly student: UserId;
  readonly passed: boolean;
}

/**
 * The rounds of a lesson. A new mark is added to what is known; anything else (an undo, somebody who leaves, a mark
 * from another tab) counts the lesson anew.
 */
export class RoundKeeper {
  #counter = new RoundCounter(new Set());
  /** What each student has had so far: 'pfp'. */
  readonly #known = new Map<UserId, string>();

  get number(): number {
    return this.#counter.number;
  }

  get isComplete(): boolean {
    return this.#counter.isComplete;
  }

  of(student: UserId): RoundFacts {
    return { isSeen: this.#counter.hasSeen(student), layers: this.#counter.layersOf(student) };
  }

  /**
   * Takes what a student has had by now.
   * @returns `same`: no tile but this one is concerned; `all`: a round began, every tile is; `recount`: `count` is due
   */
  follow(student: UserId, sequence: string): 'same' | 'all' | 'recount' {
    const before = this.#known.get(student) ?? '';
    if (sequence === before) return 'same';
    if (sequence.length !== before.length + 1 || !sequence.startsWith(before)) return 'recount';
    this.#known.set(student, sequence);
    return this.#counter.add(student, sequence.endsWith('p')) ? 'all' : 'same';
  }

  /** Counts the whole lesson. @param counted those who have to be marked @param steps in the order of marking */
  count(counted: ReadonlySet<UserId>, steps: Iterable<RoundStep>): void {
    this.#counter = new RoundCounter(counted);
    this.#known.clear();
    for (const { student, passed } of steps) {
      this.#counter.add(student, passed);
      this.#known.set(student, (this.#known.get(student) ?? '') + (passed ? 'p' : 'f'));
    }
  }
}
