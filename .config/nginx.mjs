/*
 * Finds an nginx for the tests of several instances and for the bench, or installs Debian's when root:
 * `node .config/nginx.mjs` prints its path. Without one those tests say that they were skipped.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const wellKnown = [
  '/usr/sbin/nginx',
  '/usr/local/sbin/nginx',
  '/usr/local/bin/nginx',
  '/opt/homebrew/bin/nginx',
];

/** @returns {string | undefined} the path of an nginx that is on this machine */
export function findNginx() {
  const chosen = process.env['NGINX_PATH'];
  if (chosen !== undefined && chosen !== '') return chosen;
  return wellKnown.find((path) => existsSync(path));
}

function install() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const run = (/** @type {string} */ command, /** @type {string[]} */ ...args) =>
    execFileSync(command, args, { stdio: ['ignore', process.stderr, 'inherit'] });
  try {
    run('apt-get', 'update');
    run('apt-get', 'install', '-y', '--no-install-recommends', 'nginx-light');
  } catch (error) {
    console.error(`Debian's nginx did not install (${error.message}).`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (findNginx() === undefined) install();
  // Not having one is no failure: the tests that want it report themselves as skipped.
  console.log(findNginx() ?? 'no nginx: the tests of several instances behind it will be skipped');
}
