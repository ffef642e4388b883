/** Somebody who can be picked, and how often they have had a turn. */
export interface Candidate {
  readonly tries: number;
}

/** How much less likely each further turn makes somebody: the next is 1/3 as likely as those one turn behind. */
const fairness = 3;

/**
 * Picks by chance, those with the fewest turns most of all: fair over a lesson, and never foreseeable.
 * @param fraction 0 ≤ n < 1, from the random source
 * @returns undefined when there is nobody
 */
export function pickStudent<C extends Candidate>(candidates: readonly C[], fraction: number): C | undefined {
  const least = Math.min(...candidates.map(({ tries }) => tries));
  const weights = candidates.map(({ tries }) => fairness ** (least - tries));
  let left = fraction * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [n, candidate] of candidates.entries()) {
    left -= weights[n] ?? 0;
    if (left < 0) return candidate;
  }
  return candidates.at(-1);
}
