import type { SeededRandom } from '../seeded-random.ts';

/** Which of the protocol's assumptions a schedule takes away (sync protocol §2). */
export type Broken = 'none' | 'A1' | 'A2' | 'A3';

/** What kind of a day a schedule is. All of it follows from the seed. */
export interface Settings {
  readonly broken: Broken;
  readonly gateway: boolean;
  readonly tabs: number;
  readonly marks: number;
  readonly lanes: number;
  readonly students: number;
  /** How long there are faults and taps, ms. */
  readonly durationMs: number;
  /** Replica lag of reads, ms. */
  readonly lagMs: number;
  /** Chance of a fault for each request. */
  readonly faults: number;
  /** Chance, at each step, that something happens to a tab. */
  readonly upsets: number;
  /** Chance that a transaction fails or is slow. */
  readonly slowStore: number;
  readonly pageSize: number;
  readonly noCount: boolean;
  readonly shuffled: boolean;
  /** Students whose marks Canvas refuses from some moment on, and those for whom it always breaks down. */
  readonly leavers: number;
  readonly poison: number;
  readonly maxBatch: number;
  readonly backup: boolean;
  readonly rescue: boolean;
  readonly memoryLoss: boolean;
}

export function drawSettings(random: SeededRandom): Settings {
  const broken: Broken = random.chance(0.8) ? 'none' : random.pick(['A1', 'A2', 'A3']);
  const calm = random.chance(0.15);
  return {
    broken,
    gateway: random.chance(0.6),
    tabs: 1 + random.below(3),
    marks: 1 + random.below(9),
    lanes: 1 + random.below(3),
    students: 1 + random.below(5),
    durationMs: random.pick([20_000, 90_000, 240_000]),
    lagMs: broken === 'A3' ? random.pick([60_000, 200_000, 600_000]) : random.pick([0, 0, 2_000, 20_000]),
    faults: calm ? 0 : random.pick([0.1, 0.3, 0.6]),
    upsets: calm ? 0 : random.pick([0, 0.03, 0.12]),
    slowStore: random.pick([0, 0, 0.05, 0.3]),
    pageSize: random.pick([100, 100, 2]),
    noCount: random.chance(0.2),
    shuffled: random.chance(0.2),
    leavers: random.chance(0.25) ? 1 + random.below(2) : 0,
    poison: random.chance(0.04) ? 1 : 0,
    maxBatch: random.chance(0.1) ? 1 + random.below(3) : Infinity,
    backup: random.chance(0.05),
    rescue: random.chance(0.05),
    memoryLoss: random.chance(0.1),
  };
}
