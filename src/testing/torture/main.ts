import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startSchoolServer } from '../school-server.ts';
import { runTerms, type TortureResult } from './terms.ts';

/*
 * npm run torture -- --rounds N [--seed S] [--real-waits]
 * A round's chance comes from its seed alone, so `--rounds 1 --seed S` repeats what befell it; how the machine's own
 * timing fell is not repeated. A term of ten rounds shares a tablet, and begins at a seed that ten divides.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String((Date.now() % 1_000_000) * 10) },
    'real-waits': { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const first = Number(values.seed);
const startedMs = performance.now();

const server = await startSchoolServer();
let result: TortureResult;
try {
  result = await runTerms(server, { rounds, first, skipWaits: !values['real-waits'], print: console.log });
} finally {
  await server.dispose();
}

const minutes = (performance.now() - startedMs) / 60_000;
const { failed, taps, saved, rows, kills } = result;
console.log(
  `${taps} taps, ${saved} called saved, ${rows} rows; killed: ${kills.browser} browsers, ${kills.server} servers`,
);
console.log(`${rounds} rounds in ${minutes.toFixed(1)} min, ${(rounds / minutes).toFixed(1)} a minute`);
for (const seed of failed) console.log(`again: npm run torture -- --rounds 1 --seed ${seed}`);
console.log(`${rounds - failed.length} passed, ${failed.length} failed`);

const report = process.env['TORTURE_JSON_OUTPUT_FILE'];
if (report !== undefined) {
  await writeFile(report, JSON.stringify({ passed: rounds - failed.length, failed: failed.length }));
}
// Not `exitCode`: after many killed browsers Node's own tidying up has been seen to spin on a pipe and never end.
process.exit(failed.length === 0 ? 0 : 1);
