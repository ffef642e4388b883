import type { Report } from './explore.ts';
import { mutants } from './mutants.ts';
import { setups } from './setups.ts';
import { loadVariant } from './variant.ts';
import type { Setup } from './world.ts';

/** One thing to explore; plain data, so that it can be handed to another process. */
export interface Job {
  readonly kind: 'setup' | 'mutant';
  readonly name: string;
  /** Instead of the setup's own number. */
  readonly faults: number | undefined;
  /** Runs; then the exploration is cut off. */
  readonly limit: number | undefined;
}

/** What came of a job. */
export interface Verdict {
  readonly passed: boolean;
  /** For people. */
  readonly lines: readonly string[];
}

let variants = 0;

/** Explores in this process. @throws when a mutant cannot be made */
export async function runJob(job: Job): Promise<Verdict> {
  const mutant = job.kind === 'mutant' ? mutants.find((one) => one.name === job.name) : undefined;
  const own = mutant?.setup ?? setups.find((one) => one.name === job.name);
  if (own === undefined) throw new Error(`nothing is called ${job.name}`);
  const setup = job.faults === undefined ? own : { ...own, faults: job.faults };
  const patches = mutant?.patches ?? [];
  const { explore } = await loadVariant(`${process.pid}-${(variants += 1)}`, patches);
  const before = process.cpuUsage();
  const report = await explore(setup, job.limit);
  const { user, system } = process.cpuUsage(before);
  const figures = `${figuresOf(report)}; ${((user + system) / 1e6).toFixed(1)} s of processor time`;
  return mutant === undefined
    ? judgeSetup(setup, report, figures)
    : judgeMutant(mutant.name, setup, report, figures);
}

function judgeSetup(setup: Setup, report: Report, figures: string): Verdict {
  const { counterexample, complete } = report;
  const title = `${setup.name}, faults: up to ${setup.faults}`;
  if (counterexample !== undefined) {
    const { why, story } = counterexample;
    return { passed: false, lines: [`✗ ${title}: ${why}`, `    ${figures}`, ...indented(story)] };
  }
  if (!complete)
    return {
      passed: false,
      lines: [`✗ ${title}: cut off by the limit, nothing is proven`, `    ${figures}`],
    };
  if (setup.broken !== undefined && report.endsWithSurplus === 0)
    return {
      passed: false,
      lines: [
        `✗ ${title}: taking ${setup.broken} away made no second row: nothing was tried`,
        `    ${figures}`,
      ],
    };
  return { passed: true, lines: [`✓ ${title}: complete, all invariants hold`, `    ${figures}`] };
}

function judgeMutant(name: string, setup: Setup, report: Report, figures: string): Verdict {
  const { counterexample } = report;
  if (counterexample === undefined) {
    const how = report.complete ? 'everything was explored' : 'cut off by the limit';
    return { passed: false, lines: [`✗ mutant "${name}" was not found out: ${how}`, `    ${figures}`] };
  }
  const { why, story } = counterexample;
  return {
    passed: true,
    lines: [`✓ mutant "${name}", by ${setup.name}: ${why}`, `    ${figures}`, ...indented(story)],
  };
}

function figuresOf(report: Report): string {
  const { states, transitions, depth, runs, ends, endsWithSurplus } = report;
  const surplus = endsWithSurplus > 0 ? ` (${endsWithSurplus} with a surplus row, shown)` : '';
  return `${states} states, ${transitions} transitions, depth ${depth}, ${runs} runs, ${ends} ends${surplus}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `      ${line}`);
}
