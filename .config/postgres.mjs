/*
 * Finds a PostgreSQL server for the tests, or installs one: `node .config/postgres.mjs` prints the folder of its
 * programs. Order: POSTGRES_BIN, the PATH, Debian's folders. Installing takes root on Debian; without it the tests on
 * PostgreSQL are skipped, and this says so.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const debian = '/usr/lib/postgresql';

/** @returns {string | undefined} the folder with `initdb` and `postgres` */
export function findPostgres() {
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [
    process.env['POSTGRES_BIN'] ?? '',
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ].find(
    (folder) => folder !== '' && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
}

function install() {
  const run = (/** @type {string} */ command, /** @type {string[]} */ ...args) => {
    console.error(`$ ${command} ${args.join(' ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env });
  };
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  try {
    // The programs alone: Debian would also make a database and start a server for it.
    mkdirSync('/etc/postgresql-common/createcluster.d', { recursive: true });
    writeFileSync('/etc/postgresql-common/createcluster.d/tapmark.conf', 'create_main_cluster = false\n');
    run('apt-get', 'update');
    run('apt-get', 'install', '-y', '--no-install-recommends', 'postgresql');
  } catch (error) {
    console.error(`Debian's package did not install (${error.message}).`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (findPostgres() === undefined) install();
  console.log(
    findPostgres() ??
      'SKIPPED: no PostgreSQL on this machine, and no way to install it: every test on PostgreSQL is skipped.',
  );
}
