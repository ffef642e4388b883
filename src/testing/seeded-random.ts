import type { Random } from '#lib/random.ts';

/** Chance that can be replayed. */
export interface SeededRandom extends Random {
  /** 0 ≤ n < `below`, whole. */
  below(below: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** A small, quick generator (mulberry32); good enough to wander through schedules, and for nothing else. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  let ids = 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  return {
    fraction,
    uuid: () => `id-${seed}-${(ids += 1)}`,
    below: (below) => Math.floor(fraction() * below),
    chance: (probability) => fraction() < probability,
    pick: (from) => {
      const found = from[Math.floor(fraction() * from.length)];
      if (found === undefined) throw new Error('nothing to pick from');
      return found;
    },
  };
}
