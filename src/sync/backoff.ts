import type { Random } from '#lib/random.ts';
import { backoffBaseMs, backoffCapMs } from './parameters.ts';

/**
 * How long a lane waits after its nth failed cycle in a row: 2 s x 2^n up to 5 min, with full jitter, so that
 * thirty tablets that lost one access point do not come back as one. A longer `Retry-After` wins.
 * @param failures failed cycles in a row, this one included
 */
export function backoffMs(failures: number, random: Random, retryAfterMs = 0): number {
  const ceiling = Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.max(0, failures - 1));
  return Math.max(random.fraction() * ceiling, retryAfterMs);
}
