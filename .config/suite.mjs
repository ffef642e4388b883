/*
 * Runs steps one after the other and adds up what they report: `node .config/suite.mjs format lint unit`. One that
 * mostly waits may run beside others: `lint,types+torture` is two steps in a row, and a third meanwhile.
 * The last line is `N passed, N failed`. A test runner counts by its JSON report, any other step as one check.
 * A step that ends badly counts at least one failure, whatever its report says; so does a runner that ran no test, and
 * a step that does not end.
 */
import { spawn } from 'node:child_process';
import { clearTimeout, setTimeout } from 'node:timers';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { root } from './build.mjs';

/** Several times what the longest step takes on two busy cores, ms. */
const stepLimitMs = 25 * 60_000;

const reports = root + '.cache/reports/';
/** What servers log while tests run, for the step `logs`. */
const serverLogs = root + '.cache/server-logs/';
const report = (/** @type {string} */ name) => `${reports}${name}.json`;

/** @type {Record<string, { run: string, count?: (report: any) => Count, env?: Record<string, string> }>} */
const steps = {
  browser: { run: 'node .config/chromium.mjs' },
  postgres: { run: 'node .config/postgres.mjs' },
  nginx: { run: 'node .config/nginx.mjs' },
  format: { run: 'prettier --check --log-level warn .' },
  lint: {
    run: 'eslint -c .config/eslint.config.js --cache --cache-location .cache/eslint/ --max-warnings 0 .',
  },
  types: { run: 'tsc --noEmit' },
  'types-server': { run: 'tsc --noEmit -p src/server/tsconfig.json' },
  'types-worker': { run: 'tsc --noEmit -p .config/tsconfig.worker.json' },
  dead: { run: 'knip --config .config/knip.json' },
  cycles: { run: 'depcruise --config .config/dependency-cruiser.cjs src e2e' },
  unit: {
    run: `vitest run --reporter=default --reporter=json --outputFile.json=${report('unit')}`,
    count: (json) => ({ passed: json.numPassedTests, failed: json.numFailedTests }),
  },
  build: { run: 'node .config/build.mjs' },
  size: { run: 'node .config/size.mjs' },
  e2e: {
    run: 'playwright test -c e2e/playwright.config.ts',
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report('e2e') },
    count: ({ stats }) => ({ passed: stats.expected, failed: stats.unexpected + stats.flaky }),
  },
  matrix: { run: 'node .config/matrix.mjs' },
  logs: { run: 'tsx src/testing/server-logs/main.ts' },
  simulate: { run: 'tsx src/testing/simulator/main.ts --seeds 20000' },
  'small-model': {
    run: 'tsx src/testing/small-model/main.ts',
    env: { SMALL_MODEL_JSON_OUTPUT_FILE: report('small-model') },
    count: ({ passed, failed }) => ({ passed, failed }),
  },
  torture: {
    run: 'tsx src/testing/torture/main.ts --rounds 20',
    env: { TORTURE_JSON_OUTPUT_FILE: report('torture') },
    count: ({ passed, failed }) => ({ passed, failed }),
  },
};

/** @typedef {{ passed: number, failed: number }} Count */

/** @param {string} name @returns {Promise<Count>} */
async function runStep(name) {
  const step = steps[name];
  if (step === undefined) throw new Error(`No step is called ${name}: ${Object.keys(steps).join(', ')}`);
  rmSync(report(name), { force: true });
  const started = Date.now();
  console.log(`\n── ${name}: ${step.run}`);
  const code = await exitCode(step.run, step.env ?? {});
  console.log(
    `── ${name}: ${code === 0 ? 'ok' : `exit ${code}`}, ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  const counted =
    step.count === undefined ? { passed: code === 0 ? 1 : 0, failed: 0 } : read(name, step.count);
  const bad = code !== 0 || counted.passed + counted.failed === 0;
  return bad && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

/** @param {string} name @param {(report: any) => Count} count @returns {Count} */
function read(name, count) {
  try {
    return count(JSON.parse(readFileSync(report(name), 'utf8')));
  } catch (error) {
    console.log(`${name} left no report that can be read: ${error}`);
    return { passed: 0, failed: 1 };
  }
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
const end = (child, signal) => child.pid && process.kill(-child.pid, signal);
const stop = () => {
  for (const child of running) end(child, 'SIGTERM');
  process.exit(130);
};
process.once('SIGINT', stop).once('SIGTERM', stop);

/** @param {string} command @param {Record<string, string>} env @returns {Promise<number>} */
function exitCode(command, env) {
  return new Promise((resolve) => {
    const path = `${root}node_modules/.bin:${process.env['PATH']}`;
    const child = spawn(command, {
      cwd: root,
      shell: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TAPMARK_SERVER_LOGS: serverLogs, ...env, PATH: path },
      // A group of its own, so that its browsers and servers end with it.
      detached: true,
    });
    running.add(child);
    const limit = setTimeout(() => {
      console.log(`It did not end within ${stepLimitMs / 60_000} minutes.`);
      end(child, 'SIGKILL');
    }, stepLimitMs);
    const done = (/** @type {number} */ code) => {
      clearTimeout(limit);
      running.delete(child);
      resolve(code);
    };
    child.on('error', () => done(127));
    child.on('exit', (code) => done(code ?? 1));
  });
}

mkdirSync(reports, { recursive: true });
rmSync(serverLogs, { recursive: true, force: true });
mkdirSync(serverLogs);
const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const failures = [];
/** @param {string} name */
async function count(name) {
  const { passed, failed } = await runStep(name);
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(`${name} (${failed})`);
}
/** @param {string[]} names */
async function inARow(names) {
  for (const name of names) await count(name);
}
for (const argument of process.argv.slice(2)) {
  await Promise.all(argument.split('+').map((lane) => inARow(lane.split(','))));
}
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
console.log(`\n${total.passed} passed, ${total.failed} failed`);
