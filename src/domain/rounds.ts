import type { UserId } from './ids.ts';

/** A student's last mark in one round: '-' where there was none. */
export type Layer = 'p' | 'f' | '-';

/**
 * Counts passes over the class. A round is complete when everybody who counts has been marked in it; the next one
 * begins with the next mark, not before, so that a finished class stays on the screen.
 */
export class RoundCounter {
  readonly #counted: ReadonlySet<UserId>;
  readonly #layers = new Map<UserId, Layer[]>();
  #number = 1;
  #seen = new Set<UserId>();
  #missing: number;

  /** @param counted those who have to be marked: the class without who is away */
  constructor(counted: ReadonlySet<UserId>) {
    this.#counted = counted;
    this.#missing = counted.size;
  }

  /** Takes the next mark, in the order of marking. @returns true when it began a new round */
  add(student: UserId, passed: boolean): boolean {
    const begins = this.isComplete;
    if (begins) this.#begin();
    if (!this.#seen.has(student)) {
      this.#seen.add(student);
      if (this.#counted.has(student)) this.#missing -= 1;
    }
    this.#put(student, passed ? 'p' : 'f');
    return begins;
  }

  /** 1 in the first pass. */
  get number(): number {
    return this.#number;
  }

  get isComplete(): boolean {
    return this.#counted.size > 0 && this.#missing === 0;
  }

  /** Marked in this round. */
  hasSeen(student: UserId): boolean {
    return this.#seen.has(student);
  }

  /** The last mark of each round before this one, the oldest first; empty in the first round. */
  layersOf(student: UserId): string {
    if (this.#number === 1) return '';
    const layers = this.#layers.get(student) ?? [];
    return Array.from({ length: this.#number - 1 }, (_, round) => layers[round] ?? '-').join('');
  }

  #begin(): void {
    this.#number += 1;
    this.#seen = new Set();
    this.#missing = this.#counted.size;
  }

  #put(student: UserId, layer: Layer): void {
    const layers = this.#layers.get(student) ?? [];
    while (layers.length < this.#number - 1) layers.push('-');
    layers[this.#number - 1] = layer;
    this.#layers.set(student, layers);
  }
}
