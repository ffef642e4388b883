import type { Clock } from '#lib/clock.ts';

/** The numbers of the leaky bucket (contract §4). Costs are seconds of work. */
export interface ThrottleNumbers {
  /** The bucket is full at this level: who comes now is turned away. */
  readonly highWaterMark: number;
  /** The level rises no further. */
  readonly maximum: number;
  readonly leakPerSecond: number;
  /** Charged while a request runs and given back when it ends, so that many at once fill the bucket. */
  readonly upFrontCost: number;
}

export const canvasThrottle: ThrottleNumbers = {
  highWaterMark: 600,
  maximum: 800,
  leakPerSecond: 10,
  upFrontCost: 50,
};

export interface Throttle {
  /** Lets a request of this client begin, or turns it away: then it must not be carried out. */
  readonly begin: (client: string) => RunningRequest | undefined;
}

export interface RunningRequest {
  /** What the request has cost, for the headers of its answer. To be called once, when it ends. */
  readonly end: () => Readonly<Record<string, string>>;
}

/** Clients whose bucket has run dry are forgotten when this many are known. */
const CLIENTS_KEPT = 10_000;

interface Bucket {
  level: number;
  /** When the level was true, monotonic ms. */
  at: number;
}

/** One bucket a client, in memory: each instance of the server counts for itself. */
export function createThrottle(clock: Clock, numbers: ThrottleNumbers): Throttle {
  const buckets = new Map<string, Bucket>();

  function bucketOf(client: string): Bucket {
    const now = clock.monotonicMs();
    const known = buckets.get(client);
    if (known !== undefined) {
      leak(known, now);
      return known;
    }
    if (buckets.size >= CLIENTS_KEPT) forgetDry(now);
    const bucket = { level: 0, at: now };
    buckets.set(client, bucket);
    return bucket;
  }

  function leak(bucket: Bucket, now: number): void {
    bucket.level = Math.max(0, bucket.level - ((now - bucket.at) / 1000) * numbers.leakPerSecond);
    bucket.at = now;
  }

  function forgetDry(now: number): void {
    for (const [client, bucket] of buckets) {
      leak(bucket, now);
      if (bucket.level === 0) buckets.delete(client);
    }
  }

  function pour(bucket: Bucket, amount: number): void {
    bucket.level = Math.min(Math.max(0, bucket.level + amount), numbers.maximum);
  }

  return {
    begin(client) {
      const bucket = bucketOf(client);
      if (bucket.level >= numbers.highWaterMark) return undefined;
      const began = clock.monotonicMs();
      pour(bucket, numbers.upFrontCost);
      return {
        end() {
          const now = clock.monotonicMs();
          const cost = (now - began) / 1000;
          leak(bucket, now);
          pour(bucket, cost - numbers.upFrontCost);
          const remaining = Math.max(0, numbers.highWaterMark - bucket.level);
          return { 'x-request-cost': shortened(cost), 'x-rate-limit-remaining': shortened(remaining) };
        },
      };
    },
  };
}

/** Without the last digits, which are rounding. */
function shortened(value: number): string {
  return String(Number(value.toFixed(6)));
}

/** What a client that is turned away hears: plain text, no `Retry-After` (contract §4). */
export function throttledAnswer(): Response {
  return new Response('403 Forbidden (Rate Limit Exceeded)\n', {
    status: 403,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-rate-limit-remaining': '0.0' },
  });
}
