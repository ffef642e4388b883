import type { Fault } from '../faults.ts';
import { loginRedirect, maintenance, portal, throttled } from '../faults.ts';
import type { SeededRandom } from '../seeded-random.ts';

export type Victim = 'browser' | 'server' | 'both' | 'network' | 'nobody';

/** When it strikes. */
export type Moment =
  /** So many ms after the nth tap. */
  | { readonly kind: 'tap'; readonly n: number; readonly delayMs: number }
  /**
   * So many ms after the nth request of its kind has come to the proxy, or has been answered by the server. `holds`: the
   * proxy lets it go no further until it is over.
   */
  | {
      readonly kind: 'request';
      readonly posts: boolean;
      readonly n: number;
      readonly at: 'arrived' | 'answered';
      readonly delayMs: number;
      readonly holds: boolean;
    };

/** All that chance decides of a round. Its timing is the machine's. */
export interface RoundPlan {
  readonly seed: number;
  /** Which of the term's classes. */
  readonly lane: number;
  readonly taps: number;
  /** Taps after which "Send now" is pressed. */
  readonly sendAfter: ReadonlySet<number>;
  readonly victim: Victim;
  readonly moment: Moment;
  /** Taps after the strike, on whatever is still, or again, there. */
  readonly tapsAfter: number;
  /** After both were killed. */
  readonly firstUp: 'browser' | 'server';
  /** How long the network stays away, ms. */
  readonly offlineMs: number;
  /** A browser that is killed dies in the middle of a record. */
  readonly tears: boolean;
  /** How many requests in a hundred meet a fault. */
  readonly faultPercent: number;
}

export function planRound(random: SeededRandom, seed: number): RoundPlan {
  const taps = 6 + random.below(20);
  const sendAfter = new Set<number>([Math.ceil(taps / 2)]);
  for (let n = 1; n <= taps; n += 1) if (random.chance(0.12)) sendAfter.add(n);
  return {
    seed,
    lane: random.below(2),
    taps,
    sendAfter,
    victim: pickVictim(random),
    moment: pickMoment(random, taps),
    tapsAfter: random.chance(0.6) ? random.below(6) : 0,
    firstUp: random.chance(0.5) ? 'browser' : 'server',
    offlineMs: 100 + random.below(900),
    faultPercent: random.pick([0, 0, 10, 25]),
    tears: random.chance(0.3),
  };
}

function pickVictim(random: SeededRandom): Victim {
  const n = random.below(100);
  if (n < 45) return 'browser';
  if (n < 63) return 'server';
  if (n < 85) return 'both';
  return n < 95 ? 'network' : 'nobody';
}

function pickMoment(random: SeededRandom, taps: number): Moment {
  const delayMs = random.chance(0.3) ? 0 : random.below(60);
  // Within the few milliseconds that a mark takes to the disk, or some time later.
  const afterTapMs = random.below(random.chance(0.6) ? 12 : 120);
  if (random.chance(0.3)) return { kind: 'tap', n: 1 + random.below(taps), delayMs: afterTapMs };
  const posts = random.chance(0.75);
  return {
    kind: 'request',
    posts,
    n: 1 + random.below(posts ? 3 : 8),
    at: random.chance(0.5) ? 'arrived' : 'answered',
    delayMs,
    holds: random.chance(0.4),
  };
}

/** What the network does to one more request. */
export function pickFault(random: SeededRandom): Fault {
  return random.pick(faults)(random);
}

const faults: readonly ((random: SeededRandom) => Fault)[] = [
  (random) => ({ kind: 'wait', before: random.below(400) }),
  (random) => ({ kind: 'wait', after: random.below(400) }),
  () => ({ kind: 'cut', at: 'unsent' }),
  () => ({ kind: 'cut', at: 'half-sent' }),
  () => ({ kind: 'cut', at: 'sent' }),
  () => ({ kind: 'cut', at: 'answered' }),
  () => ({ kind: 'cut', at: 'half-answered' }),
  () => ({ kind: 'repeat', times: 2 }),
  () => ({ kind: 'replace-answer', status: 500 }),
  () => ({ kind: 'strip', headers: ['x-tapmark-speaker'] }),
  () => portal,
  () => loginRedirect,
  () => maintenance,
  () => throttled(1),
];
