import { parseArgs } from 'node:util';
import { Coverage } from './coverage.ts';
import { runSchedule } from './schedule.ts';

/*
 * tsx src/testing/simulator/main.ts --seeds N [--from FIRST]
 * A failing seed is printed and replays exactly: --seeds 1 --from SEED
 */

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' } },
});
const first = Number(values.from);
const count = Number(values.seeds);
const coverage = new Coverage();
const startedMs = performance.now();
let failures = 0;
let steps = 0;

for (let seed = first; seed < first + count; seed += 1) {
  const result = await runSchedule(seed, coverage);
  steps += result.steps;
  if (result.failure === undefined) continue;
  failures += 1;
  console.log(`seed ${seed} failed after ${result.steps} steps: ${result.failure.message}`);
  if (failures <= 3) console.log(JSON.stringify(result.settings), result.failure.stack);
  if (failures >= 20) break;
}

const seconds = (performance.now() - startedMs) / 1000;
for (const [what, times] of [...coverage.seen].sort(([a], [b]) => a.localeCompare(b))) {
  console.log(`${String(times).padStart(9)}  ${what}`);
}
console.log(`${coverage.seen.size} states covered, ${steps} steps`);
console.log(`${count} schedules in ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} a second`);
console.log(`${count - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
