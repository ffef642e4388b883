import type { Report } from './explore.ts';
import { mutants, type Mutant, type Patch } from './mutants.ts';
import { reductions, setups } from './setups.ts';
import { loadVariant } from './variant.ts';
import type { Setup } from './setup.ts';

/** One thing to explore; plain data, so that it can be handed to another process. */
export interface Job {
  readonly name: string;
  /** Instead of the setup's own number. */
  readonly faults: number | undefined;
  /** Runs; then an exploration is cut off. */
  readonly limit: number | undefined;
}

/** What came of a job. */
export interface Verdict {
  readonly passed: boolean;
  readonly title: string;
  readonly figures: string;
  /** How a counterexample came about, step by step. */
  readonly story: readonly string[];
}

let variants = 0;

/** The names of all there is to do, the longest first. */
export function jobNames(): string[] {
  return [...setups, ...reductions, ...mutants].map(({ name }) => name);
}

/** Explores in this process. @throws when a mutant cannot be made */
export async function runJob(job: Job): Promise<Verdict> {
  const wanted = ({ name }: { readonly name: string }) => name === job.name;
  const own = setups.find(wanted);
  const reduction = reductions.find(wanted);
  const mutant = mutants.find(wanted);
  const faults = job.faults === undefined ? {} : { faults: job.faults };
  if (own !== undefined) return judgeSetup({ ...own, ...faults }, job);
  if (reduction !== undefined) return judgeReduction({ ...reduction, ...faults }, job);
  if (mutant !== undefined) return judgeMutant(mutant, job);
  throw new Error(`nothing is called ${job.name}`);
}

async function judgeSetup(setup: Setup, job: Job): Promise<Verdict> {
  const { report, figures } = await exploreVariant(setup, [], job);
  const { counterexample, complete, endsWithSurplus } = report;
  const story = counterexample?.story ?? [];
  const says = (passed: boolean, what: string): Verdict => {
    return { passed, title: `${setup.name}, faults: up to ${setup.faults}: ${what}`, figures, story };
  };
  if (counterexample !== undefined) return says(false, counterexample.why);
  if (!complete) return says(false, 'cut off by the limit, nothing is proven');
  if (setup.broken !== undefined && endsWithSurplus === 0)
    return says(false, `taking ${setup.broken} away made no second row: nothing was tried`);
  return says(true, 'complete, all invariants hold');
}

/** Whether what the checker leaves out, because it comes to the same, does come to the same. */
async function judgeReduction(setup: Setup, job: Job): Promise<Verdict> {
  const all = await exploreVariant({ ...setup, everyOrder: true }, [], job);
  const reduced = await exploreVariant(setup, [], job);
  const missed = [...all.report.outcomes].filter((one) => !reduced.report.outcomes.has(one));
  const { counterexample, complete, outcomes } = all.report;
  const story = counterexample?.story ?? missed;
  const says = (passed: boolean, what: string): Verdict => {
    const title = `${setup.name}, faults: up to ${setup.faults}: ${what}`;
    return { passed, title, figures: `${all.figures}; reduced: ${reduced.figures}`, story };
  };
  if (counterexample !== undefined) return says(false, counterexample.why);
  if (!complete || !reduced.report.complete) return says(false, 'cut off by the limit, nothing is proven');
  if (missed.length > 0) return says(false, `${missed.length} outcomes that the reduced exploration misses`);
  return says(true, `complete, and the same ${outcomes.size} outcomes as without what is left out elsewhere`);
}

/** A mutant is found out when it has a counterexample where the code as it is has none. */
async function judgeMutant({ name, patches, setup }: Mutant, job: Job): Promise<Verdict> {
  const mutated = await exploreVariant(setup, patches, job);
  const { apart: _apart, ...sound } = setup;
  const original = await exploreVariant(sound, [], job);
  const { counterexample, complete } = mutated.report;
  const figures = `${mutated.figures}; as it is: ${original.figures}`;
  const says = (passed: boolean, what: string): Verdict => {
    return {
      passed,
      title: `mutant "${name}", by ${setup.name}: ${what}`,
      figures,
      story: counterexample?.story ?? [],
    };
  };
  if (!original.report.complete) return says(false, 'the code as it is does not stand here');
  if (counterexample === undefined)
    return says(false, complete ? 'not found out' : 'not found out before the limit');
  return says(true, `found out, ${counterexample.why}`);
}

async function exploreVariant(
  setup: Setup,
  patches: readonly Patch[],
  { limit }: Job,
): Promise<{ readonly report: Report; readonly figures: string }> {
  const { explore } = await loadVariant(`${process.pid}-${(variants += 1)}`, patches);
  const before = process.cpuUsage();
  const report = await explore(setup, limit);
  const { user, system } = process.cpuUsage(before);
  const seconds = ((user + system) / 1e6).toFixed(1);
  const { states, transitions, depth, runs, ends, endsWithSurplus } = report;
  const surplus = endsWithSurplus > 0 ? ` (${endsWithSurplus} with a surplus row, shown)` : '';
  const counts = `${states} states, ${transitions} transitions, depth ${depth}, ${runs} runs, ${ends} ends`;
  return { report, figures: `${counts}${surplus}, ${seconds} s of processor time` };
}
