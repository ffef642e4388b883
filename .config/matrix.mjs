/*
 * The table of the fault matrix (sync protocol §16): every one of its lines by number, where it runs, and how it went.
 * Reads what the test runners have left; fails when a line has no test, or one that did not pass.
 */
import { readFileSync } from 'node:fs';
import { root } from './build.mjs';

const lines = 78;
const places = /** @type {const} */ (['simulator', 'Node', 'browser']);

/** @typedef {typeof places[number]} Place */
/** @typedef {{ title: string, file: string, passed: boolean }} Test */

/** @param {string} name @returns {any} */
function report(name) {
  try {
    return JSON.parse(readFileSync(`${root}.cache/reports/${name}.json`, 'utf8'));
  } catch {
    console.log(`There is no report of ${name}: run it first.`);
    return undefined;
  }
}

/** @returns {Test[]} */
function unitTests() {
  const files = report('unit')?.testResults ?? [];
  return files.flatMap((/** @type {any} */ { name, assertionResults }) =>
    assertionResults.map((/** @type {any} */ { fullName, status }) => ({
      title: fullName,
      file: name,
      passed: status === 'passed',
    })),
  );
}

/** @param {any} suite @returns {Test[]} */
function endToEndTests(suite) {
  const own = (suite.specs ?? []).map((/** @type {any} */ { title, file, ok }) => ({
    title,
    file: `${root}e2e/${file}`,
    passed: ok === true,
  }));
  return [...own, ...(suite.suites ?? []).flatMap(endToEndTests)];
}

/** @param {string} file @returns {Place} */
function placeOf(file) {
  if (file.startsWith(`${root}e2e/`) || /\.browser\.test\.tsx?$/.test(file)) return 'browser';
  return readFileSync(file, 'utf8').includes('#testing/sync-world.ts') ? 'simulator' : 'Node';
}

const tests = [...unitTests(), ...(report('e2e')?.suites ?? []).flatMap(endToEndTests)];
/** @type {Map<number, (Test & { place: Place })[]>} */
const byLine = new Map();
for (const test of tests) {
  for (const [, number] of test.title.matchAll(/#(\d+)\b/g)) {
    const own = byLine.get(Number(number)) ?? [];
    byLine.set(Number(number), [...own, { ...test, place: placeOf(test.file) }]);
  }
}

console.log('Fault matrix: tests of each line that passed, of those there are\n');
console.log(`  #  ${places.map((place) => place.padEnd(10)).join('')}result  first test`);
let bad = 0;
for (let line = 1; line <= lines; line += 1) {
  const own = byLine.get(line) ?? [];
  const isProven = own.length > 0 && own.every(({ passed }) => passed);
  if (!isProven) bad += 1;
  const cells = places.map((place) => {
    const here = own.filter((test) => test.place === place);
    const good = here.filter(({ passed }) => passed).length;
    return (here.length === 0 ? '·' : `${good}/${here.length}`).padEnd(10);
  });
  const title = own[0]?.title.replace(/^.*?#/, '#').slice(0, 70) ?? 'no test';
  console.log(`${String(line).padStart(3)}  ${cells.join('')}${isProven ? 'ok    ' : 'FAILED'}  ${title}`);
}
console.log(`\n${lines - bad} of ${lines} lines are proven.`);
process.exitCode = bad === 0 ? 0 : 1;
