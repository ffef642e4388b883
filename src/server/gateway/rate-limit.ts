import type { Clock } from '#lib/clock.ts';

/** So many at once, and then as many as drip in. */
export interface Allowance {
  readonly burst: number;
  readonly perMinute: number;
}

export interface RateLimit {
  /** Takes one. @returns 0, or the seconds after which it is worth trying again; then nothing was taken */
  take(key: string): number;
}

/** More callers than this at once are an attack or a mistake; the oldest are forgotten first. */
const mostKeys = 20_000;

/** Buckets in memory, of this instance alone (`stored-allowance.ts`: of all). */
export function createRateLimit(
  clock: Pick<Clock, 'monotonicMs'>,
  { burst, perMinute }: Allowance,
): RateLimit {
  const buckets = new Map<string, { left: number; atMs: number }>();
  const perMs = perMinute / 60_000;
  return {
    take(key) {
      const nowMs = clock.monotonicMs();
      const known = buckets.get(key);
      const left = known === undefined ? burst : Math.min(burst, known.left + (nowMs - known.atMs) * perMs);
      const ok = left >= 1;
      // Taken out and put back, so that the map's order is that of use.
      buckets.delete(key);
      buckets.set(key, { left: ok ? left - 1 : left, atMs: nowMs });
      if (buckets.size > mostKeys) buckets.delete(buckets.keys().next().value ?? '');
      return ok ? 0 : Math.max(1, Math.ceil((1 - left) / perMs / 1000));
    },
  };
}
