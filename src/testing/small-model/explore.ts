import { settled } from '../virtual-time.ts';
import { fingerprint } from './fingerprint.ts';
import type { Setup } from './setup.ts';
import { World, type Option } from './world.ts';

/** What an exploration came to. */
export interface Report {
  /** Runs from the beginning: one for each branch of the tree that was not known yet. */
  readonly runs: number;
  /** Different states. */
  readonly states: number;
  /** Steps between them; those that were only made again to come back to a state are not counted. */
  readonly transitions: number;
  /** Most choices on the way from the beginning to an end. */
  readonly depth: number;
  /** Courses of things that ended with every mark at rest. */
  readonly ends: number;
  /** Of these, how many ended with more rows than marks, each of them shown; only where an assumption is broken. */
  readonly endsWithSurplus: number;
  /** The different ways in which it ended, in words. */
  readonly outcomes: ReadonlySet<string>;
  /** True: nothing within the bounds of the setup was left out. */
  readonly complete: boolean;
  readonly counterexample?: Counterexample;
}

export interface Counterexample {
  readonly why: string;
  /** What happened, in order; the first word is the time in seconds. */
  readonly story: readonly string[];
}

/** A course of things that has not come to rest by then never will. */
const maxSteps = 4_000;

interface Course {
  readonly choices: readonly number[];
  /** Where this course met a new state, and how many options there were: all but the first are still to be tried. */
  readonly branches: readonly { readonly at: number; readonly options: number }[];
  readonly transitions: number;
  readonly surplus: number;
  /** Once all is at rest. */
  readonly outcome?: string;
  readonly story: readonly string[];
  readonly failure?: string;
}

/**
 * Walks through everything that can happen within the bounds of a setup, depth first, and stops at the first
 * invariant that does not hold. The core is code that waits, so no state can be put back: each branch is run anew
 * from the beginning along its choices, and ends where it comes to a state that was seen with at least as many
 * faults left.
 * @param limit runs; then the exploration is cut off
 */
export async function explore(setup: Setup, limit = Infinity): Promise<Report> {
  const seen = new Map<string, number>();
  const outcomes = new Set<string>();
  const open: (readonly number[])[] = [[]];
  const counts = { runs: 0, transitions: 0, depth: 0, ends: 0, endsWithSurplus: 0 };
  const report = (complete: boolean): Report => ({ ...counts, outcomes, states: seen.size, complete });
  for (let given = open.pop(); given !== undefined; given = open.pop()) {
    if (counts.runs >= limit) return report(false);
    const course = await run(setup, given, seen);
    counts.runs += 1;
    counts.transitions += course.transitions;
    counts.depth = Math.max(counts.depth, course.choices.length);
    if (course.outcome !== undefined) {
      counts.ends += 1;
      outcomes.add(course.outcome);
    }
    if (course.surplus > 0) counts.endsWithSurplus += 1;
    if (course.failure !== undefined) {
      return { ...report(false), counterexample: { why: course.failure, story: course.story } };
    }
    for (const { at, options } of course.branches) {
      for (let n = options - 1; n > 0; n -= 1) open.push([...course.choices.slice(0, at), n]);
    }
  }
  return report(true);
}

/** Runs once: along the given choices, and from there on along the first option of each step. */
async function run(setup: Setup, given: readonly number[], seen: Map<string, number>): Promise<Course> {
  const world = new World(setup);
  const choices: number[] = [];
  const branches: { at: number; options: number }[] = [];
  const story: string[] = [];
  let transitions = 0;
  const end = (outcome?: string): Course => {
    const { failure, surplus } = world.oracle;
    const course = { choices, branches, transitions, surplus, story };
    if (failure !== undefined) return { ...course, failure };
    return outcome === undefined ? course : { ...course, outcome };
  };
  await world.begin();
  for (let steps = 0; ; steps += 1) {
    await settled();
    world.check();
    if (steps >= maxSteps) world.oracle.fail('I17', `no rest after ${maxSteps} steps`);
    if (world.oracle.failure !== undefined) return end();
    const options = world.options();
    if (options.length === 0) {
      world.oracle.checkAtRest();
      return end(world.outcome());
    }
    let chosen = 0;
    const replays = choices.length < given.length;
    if (!replays && isKnown(world, seen)) return end();
    if (options.length > 1) {
      if (replays) chosen = given[choices.length] ?? 0;
      else branches.push({ at: choices.length, options: options.length });
      choices.push(chosen);
    }
    const option = options[chosen];
    if (option === undefined) throw new Error(`the same choices led elsewhere: ${story.join(' / ')}`);
    if (isWorthTelling(option, chosen)) story.push(`${world.time.nowMs / 1000} ${option.label}`);
    if (choices.length >= given.length) transitions += 1;
    world.faultsLeft -= option.cost;
    await option.act();
  }
}

function isKnown(world: World, seen: Map<string, number>): boolean {
  const name = fingerprint(world);
  const before = seen.get(name);
  if (before !== undefined && before >= world.faultsLeft) return true;
  seen.set(name, world.faultsLeft);
  return false;
}

/** Steps inside a tab that nobody had to choose are left out of the story. */
function isWorthTelling({ label, cost }: Option, chosen: number): boolean {
  return chosen > 0 || cost > 0 || !/ (?:reads|writes|wakes \d+|asks: probe)$|^time passes$/.test(label);
}
