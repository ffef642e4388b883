import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Coverage } from './coverage.ts';
import type { SeedsResult } from './run-seeds.ts';
import { tellStory } from './story.ts';
import { buildWorker } from './worker-program.ts';

/*
 * tsx src/testing/simulator/main.ts --seeds N [--from FIRST] [--workers W] [--story SEED]
 *
 * Runs N schedules and says how many a second, what they have been through, and which seed failed. A seed replays
 * exactly; `--story` tells it line by line. A run that is interrupted says how far it has come, and has not passed.
 */

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    story: { type: 'string' },
  },
});
/** Seeds a worker takes at a time. */
const portion = 250;
/** Schedules after which a long run says how far it has come. */
const sayEvery = 50_000;
/** Each worker has one core, and schedules leave much that is soon forgotten: threads of V8's own only get in the way. */
const execArgv = ['--single-threaded', '--max-semi-space-size=32'];

async function lead(): Promise<void> {
  const from = Number(values.from);
  const count = Number(values.seeds);
  const startedMs = performance.now();
  const program = await buildWorker();
  const total = { schedules: 0, steps: 0, failed: 0, interrupted: false };
  const coverage = new Coverage();
  const workers: ChildProcess[] = [];
  let next = from;
  const rate = () => ((total.schedules * 1000) / (performance.now() - startedMs)).toFixed(0);
  const interrupt = () => {
    total.interrupted = true;
    for (const worker of workers) worker.kill();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const add = (result: SeedsResult) => {
    total.schedules += result.schedules;
    if (total.schedules % sayEvery < result.schedules && total.schedules < count)
      console.error(`${total.schedules} of ${count} schedules, ${rate()} a second`);
    total.steps += result.steps;
    total.failed += result.failures.length;
    coverage.merge(result.seen);
    for (const { seed, what } of result.failures) console.log(`seed ${seed} failed: ${what}`);
  };
  const employ = () =>
    new Promise<void>((resolve, reject) => {
      const worker = fork(program.path, { execArgv });
      workers.push(worker);
      const feed = () => {
        const range = { from: next, count: Math.min(portion, from + count - next) };
        next += range.count;
        worker.send(range.count > 0 && total.failed === 0 && !total.interrupted ? range : 'end');
      };
      worker.on('message', (result: SeedsResult) => {
        add(result);
        feed();
      });
      worker.on('exit', (code) => {
        if (code === 0 || total.interrupted) resolve();
        else reject(new Error(`a worker ended with ${String(code)}`));
      });
      feed();
    });
  try {
    await Promise.all(Array.from({ length: Number(values.workers) }, employ));
  } finally {
    await program.remove();
  }

  const seconds = (performance.now() - startedMs) / 1000;
  for (const [what, times] of [...coverage.seen].sort(([a], [b]) => a.localeCompare(b))) {
    console.log(`${String(times).padStart(9)}  ${what}`);
  }
  console.log(`${coverage.seen.size} states covered, ${total.steps} steps`);
  console.log(`${total.schedules} schedules in ${seconds.toFixed(1)} s, ${rate()} a second`);
  if (total.interrupted) console.log(`interrupted: ${count - total.schedules} schedules were not run`);
  if (total.failed > 0) console.log('replay a seed with --story SEED');
  console.log(`${total.schedules - total.failed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 && !total.interrupted ? 0 : 1;
}

if (values.story !== undefined)
  await tellStory(Number(values.story), (line) => {
    console.log(line);
  });
else await lead();
