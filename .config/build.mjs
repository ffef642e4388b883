/* Builds the app and the server when a source is newer than what was built. Says nothing unless there is something to say. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

export const root = fileURLToPath(new URL('..', import.meta.url));
const sources = [
  'src',
  'public',
  '.config',
  'index.html',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
];
const built = ['dist/app/index.html', 'dist/server/main.js', 'dist/server/school.js'];

/** Builds what is missing or out of date; a copy of `dist` without its sources is taken as it is. */
export function ensureBuilt() {
  if (!existsSync(root + 'src')) return;
  const present = built.every((path) => existsSync(root + path));
  if (present && newest(sources) <= oldest(built)) return;
  console.error('Building the app and the server…');
  const vite = root + 'node_modules/vite/bin/vite.js';
  for (const target of [[], ['--ssr']]) {
    execFileSync(process.execPath, [vite, 'build', '--logLevel', 'warn', ...target], {
      cwd: root,
      // Standard output belongs to whoever asked for the build: a token, or the one line with the address.
      stdio: ['ignore', process.stderr, 'inherit'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
  }
  compress(root + 'dist/app/');
}

/** Puts beside every file of text what the server sends in its place, if it is worth it. @param {string} folder */
function compress(folder) {
  const texts = /\.(html|js|css|json|webmanifest|svg|txt)$/;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => texts.test(file));
  for (const file of files)
    writeFileSync(`${folder}${file}.br`, brotliCompressSync(readFileSync(folder + file)));
}

/** @param {string[]} paths */
function newest(paths) {
  return Math.max(...paths.filter((path) => existsSync(root + path)).map((path) => changedAt(root + path)));
}

/** @param {string[]} paths */
function oldest(paths) {
  return Math.min(...paths.map((path) => statSync(root + path).mtimeMs));
}

/** @param {string} path @returns {number} when it, or the newest thing in it, was changed; tests do not count */
function changedAt(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => changedAt(`${path}/${name}`)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) ensureBuilt();
