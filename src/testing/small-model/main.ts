import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { jobNames, runJob, type Job, type Verdict } from './job.ts';

/*
 * npm run small-model -- [--only TEXT] [--faults N] [--limit RUNS] [--stories] [--workers W]
 *
 * Explores every setup in full, then looks whether each mutant is found out. `--only` takes the setups and mutants
 * whose name has the text in it; `--faults` goes further than the suite does, and takes long; `--stories` tells how
 * each mutant was found out.
 */

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    faults: { type: 'string' },
    limit: { type: 'string' },
    stories: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    worker: { type: 'boolean', default: false },
  },
});

function work(): void {
  // Stacks of errors that are thrown on purpose, thousands a second, are of no use to anybody.
  Error.stackTraceLimit = 0;
  process.on('message', (job: Job | 'end') => {
    if (job === 'end') process.exit(0);
    const broken = (error: unknown): Verdict => {
      return {
        passed: false,
        title: `${job.name}: ${String(error)}`,
        figures: 'nothing was explored',
        story: [],
      };
    };
    void runJob(job)
      .catch(broken)
      .then((verdict) => process.send?.(verdict));
  });
}

async function lead(): Promise<void> {
  const startedMs = performance.now();
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const bounds = { faults: number(values.faults), limit: number(values.limit) };
  const jobs: Job[] = jobNames()
    .filter((name) => name.includes(values.only))
    .map((name) => ({ name, ...bounds }));
  const total = { passed: 0, failed: 0 };
  const tell = ({ passed, title, figures, story }: Verdict) => {
    if (passed) total.passed += 1;
    else total.failed += 1;
    console.log(`${passed ? '✓' : '✗'} ${title}\n    ${figures}`);
    if (!passed || values.stories) for (const line of story) console.log(`      ${line}`);
  };
  await Promise.all(
    Array.from({ length: Math.min(Number(values.workers), jobs.length) }, () => employ(jobs, tell)),
  );

  console.log(`in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  const report = process.env['SMALL_MODEL_JSON_OUTPUT_FILE'];
  if (report !== undefined) await writeFile(report, JSON.stringify(total));
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** A process that takes one job after the other, as long as there are any. */
function employ(jobs: Job[], tell: (verdict: Verdict) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = fork(new URL(import.meta.url).pathname, ['--worker'], {
      execArgv: [...process.execArgv, '--max-semi-space-size=32'],
    });
    let job: Job | undefined;
    const feed = () => {
      job = jobs.shift();
      worker.send(job ?? 'end');
    };
    worker.on('message', (verdict: Verdict) => {
      tell(verdict);
      feed();
    });
    worker.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker ended with ${String(code)} at "${job?.name ?? 'nothing'}"`));
    });
    feed();
  });
}

if (values.worker) work();
else await lead();
