/*
 * `npm run size`: how much JavaScript travels before the grid can be tapped. The chunks are found in Vite's manifest,
 * from the entry and the roster's chunk through all their static imports, so that a new chunk cannot slip past.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { root } from './build.mjs';

const limit = '130 kB';
const manifest = JSON.parse(readFileSync(root + 'dist/app/.vite/manifest.json', 'utf8'));
const starts = Object.entries(manifest).filter(
  ([source, chunk]) => chunk.isEntry === true || /(^|\/)features\/roster\/roster-screen\.tsx$/.test(source),
);
if (!starts.some(([, chunk]) => chunk.isEntry === true)) throw new Error('The manifest names no entry.');

const needed = new Set();
/** @param {string} name */
function need(name) {
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`The manifest lacks ${name}.`);
  if (needed.has(chunk.file)) return;
  needed.add(chunk.file);
  for (const next of chunk.imports ?? []) need(next);
}
for (const [name] of starts) need(name);

const files = [...needed].filter((file) => file.endsWith('.js')).map((file) => `dist/app/${file}`);
const check = [{ name: 'JavaScript until the grid can be tapped', path: files, limit, brotli: true }];
mkdirSync(root + '.cache', { recursive: true });
writeFileSync(root + '.cache/size-limit.json', JSON.stringify(check));
console.log(files.join('\n'));
try {
  execFileSync(
    process.execPath,
    [root + 'node_modules/size-limit/bin.js', '--config', '.cache/size-limit.json', ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit' },
  );
} catch {
  process.exit(1);
}
