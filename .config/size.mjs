/*
 * `npm run size`: how much JavaScript travels before the grid can be tapped. The chunks are found in Vite's manifest,
 * from the page's scripts and the roster's chunk through all their static imports, so that no chunk slips past.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { root } from './build.mjs';

const limit = '130 kB';
const app = root + 'dist/app/';
const manifest = JSON.parse(readFileSync(app + '.vite/manifest.json', 'utf8'));
const page = readFileSync(app + 'index.html', 'utf8');

/** @type {Set<string>} */
const needed = new Set(
  [...page.matchAll(/<script[^>]* src="\/([^"]+)"/g)].map(([, file]) => /** @type {string} */ (file)),
);
const fromPage = needed.size;

/** @param {string} name */
function need(name) {
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`The manifest lacks ${name}.`);
  needed.add(chunk.file);
  for (const next of chunk.imports ?? []) if (!needed.has(manifest[next]?.file)) need(next);
}

const grid = Object.keys(manifest).filter((name) => /features\/roster\/roster-screen\.tsx$/.test(name));
if (fromPage === 0 || grid.length !== 1) {
  throw new Error(
    'The page names no script, or the roster has no chunk of its own: count it some other way.',
  );
}
need('index.html');
need(/** @type {string} */ (grid[0]));

const files = [...needed].filter((file) => file.endsWith('.js'));
const check = {
  name: 'JavaScript until the grid can be tapped',
  path: files.map((file) => app + file),
  limit,
};
mkdirSync(root + '.cache', { recursive: true });
writeFileSync(root + '.cache/size-limit.json', JSON.stringify([{ ...check, brotli: true }]));
console.log(files.join('\n'));
const sizeLimit = root + 'node_modules/size-limit/bin.js';
const options = ['--config', root + '.cache/size-limit.json', ...process.argv.slice(2)];
try {
  execFileSync(process.execPath, [sizeLimit, ...options], { cwd: root, stdio: 'inherit' });
} catch {
  process.exit(1);
}
