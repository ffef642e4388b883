import { Coverage } from './coverage.ts';
import { runSchedule } from './schedule.ts';

/** What came of a range of seeds; plain data, so that it can be handed from process to process. */
export interface SeedsResult {
  readonly schedules: number;
  readonly steps: number;
  readonly failures: readonly { readonly seed: number; readonly what: string }[];
  readonly seen: readonly (readonly [what: string, count: number])[];
}

/** More than these are not worth waiting for. */
const enoughFailures = 10;

/** Runs the schedules of some seeds, one after another. */
export async function runSeeds(range: {
  readonly from: number;
  readonly count: number;
}): Promise<SeedsResult> {
  const coverage = new Coverage();
  const failures: { seed: number; what: string }[] = [];
  let steps = 0;
  let schedules = 0;
  for (
    let seed = range.from;
    seed < range.from + range.count && failures.length < enoughFailures;
    seed += 1
  ) {
    const result = await runSchedule(seed, coverage);
    schedules += 1;
    steps += result.steps;
    if (result.failure !== undefined) failures.push({ seed, what: result.failure.message });
  }
  return { schedules, steps, failures, seen: [...coverage.seen] };
}
