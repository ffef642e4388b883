/*
 * Finds a Chromium for the tests, or installs one: `node .config/chromium.mjs` prints its path.
 * Order: CHROMIUM_PATH, the machine's own, Playwright's. Installing: Debian's package when root, else Playwright's download.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';

const wellKnown = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** @returns {string | undefined} the path of a Chromium that is on this machine */
export function findChromium() {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen !== undefined && chosen !== '') return chosen;
  return wellKnown.find((path) => existsSync(path)) ?? playwrightsOwn();
}

function playwrightsOwn() {
  const path = chromium.executablePath();
  return path !== '' && existsSync(path) ? path : undefined;
}

function install() {
  const run = (/** @type {string} */ command, /** @type {string[]} */ ...args) => {
    console.error(`$ ${command} ${args.join(' ')}`);
    execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  };
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    try {
      run('apt-get', 'update');
      run('apt-get', 'install', '-y', '--no-install-recommends', 'chromium');
      return;
    } catch (error) {
      console.error(`Debian's package did not install (${error.message}); trying Playwright's download.`);
    }
  }
  run('npx', 'playwright', 'install', 'chromium');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (findChromium() === undefined) install();
  const found = findChromium();
  if (found === undefined) {
    console.error('No Chromium found. Install one, or set CHROMIUM_PATH to its path.');
    process.exit(1);
  }
  console.log(found);
}
