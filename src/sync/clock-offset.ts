import type { AnswerFacts } from '#canvas/answer.ts';
import { clockRoundTripMaxMs } from './parameters.ts';

/** One comparison of the device's clock with the server's. */
export interface ClockSample {
  readonly offsetMs: number;
  /** Device time minus monotonic time when it was taken: it changes when somebody sets the clock. */
  readonly driftMs: number;
}

const keep = 5;
/** The `Date` header has whole seconds; a larger step of the device's clock is a clock that was set. */
const clockSetMs = 2_000;

/**
 * Adds what an answer says about the clock (sync protocol §12): server `Date` minus device time, from answers
 * with a round trip below 5 s. Where the device may well be right its offset is 0: an answer that was long on its way
 * would shift taps by seconds, on a tablet whose clock is exact. Samples from before the device's clock was set are
 * dropped.
 * @returns the samples to keep, newest last; the same array when the answer says nothing
 */
export function addClockSample(
  samples: readonly ClockSample[],
  answer: Pick<AnswerFacts, 'serverDateMs' | 'roundTripMs'>,
  now: { readonly wallMs: number; readonly monotonicMs: number },
): readonly ClockSample[] {
  if (answer.serverDateMs === undefined || answer.roundTripMs >= clockRoundTripMaxMs) return samples;
  // The server cut its time to the second, and wrote it somewhere between sending and receiving.
  const least = answer.serverDateMs - now.wallMs;
  const most = answer.serverDateMs + 1_000 - (now.wallMs - answer.roundTripMs);
  const offsetMs = least <= 0 && most >= 0 ? 0 : (least + most) / 2;
  const driftMs = now.wallMs - now.monotonicMs;
  const same = samples.filter((sample) => Math.abs(sample.driftMs - driftMs) < clockSetMs);
  return [...same, { offsetMs, driftMs }].slice(-keep);
}

/** Median of the samples, whole ms; undefined without any. */
export function clockOffsetOf(samples: readonly ClockSample[]): number | undefined {
  const sorted = samples.map((sample) => sample.offsetMs).sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : Math.round((upper + lower) / 2);
}
