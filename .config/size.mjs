/*
 * `npm run size`: how much JavaScript travels before the grid can be tapped. Counted are the page's own scripts and the
 * chunk that holds the grid, with all that they import statically, so that no chunk slips past.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { root } from './build.mjs';

const limit = '130 kB';
const grid = '/src/features/roster/roster-grid.tsx';
const app = root + 'dist/app/';

/** @type {{ file: string, imports: string[], sources: string[] }[]} */
const chunks = JSON.parse(readFileSync(app + '.vite/chunks.json', 'utf8'));
const page = readFileSync(app + 'index.html', 'utf8');
const fromPage = [...page.matchAll(/<script[^>]* src="\/([^"]+)"/g)].map(
  ([, file]) => /** @type {string} */ (file),
);
const fromGrid = chunks.filter(({ sources }) => sources.some((source) => source.endsWith(grid)));
if (fromPage.length === 0) throw new Error('The page names no script.');
if (fromGrid.length === 0) throw new Error(`No chunk holds ${grid}.`);

/** @type {Set<string>} */
const needed = new Set();
/** @param {string} file */
function need(file) {
  if (needed.has(file)) return;
  needed.add(file);
  chunks.find((chunk) => chunk.file === file)?.imports.forEach(need);
}
for (const file of [...fromPage, ...fromGrid.map((chunk) => chunk.file)]) need(file);

const check = {
  name: 'JavaScript until the grid can be tapped',
  path: [...needed].map((file) => app + file),
  limit,
  brotli: true,
};
mkdirSync(root + '.cache', { recursive: true });
writeFileSync(root + '.cache/size-limit.json', JSON.stringify([check]));
console.error([...needed].join('\n'));
const sizeLimit = root + 'node_modules/size-limit/bin.js';
const options = ['--config', root + '.cache/size-limit.json', ...process.argv.slice(2)];
try {
  execFileSync(process.execPath, [sizeLimit, ...options], { cwd: root, stdio: 'inherit' });
} catch {
  process.exit(1);
}
