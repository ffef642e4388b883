import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findPostgres } from '../../.config/postgres.mjs';

/** Whether the machine has a PostgreSQL; without one its tests are skipped. */
export const hasPostgres = findPostgres() !== undefined;

/** A PostgreSQL server of the test's own, on a free port of the loopback, with its data in a temporary folder. */
export interface PostgresServer {
  /** @returns the url of a new, empty database */
  readonly newDatabase: () => Promise<string>;
  /** SIGKILL to the server; what it has forked then ends by itself, in the middle of whatever it did. */
  readonly kill: () => Promise<void>;
  /** Again, on the same data and port. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** @param options.isDurable whether a commit waits for the disk: only a power cut, or a measurement, can tell */
export async function startPostgres(options: { readonly isDurable?: boolean } = {}): Promise<PostgresServer> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error('there is no PostgreSQL on this machine');
  const identity = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'tapmark-postgres-'));
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid ?? 0);
  const words = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync', '-D', folder];
  execFileSync(join(bin, 'initdb'), words, { ...identity, cwd: folder, stdio: 'ignore' });
  const port = await freePort();
  const url = (name: string) => `postgres://postgres@127.0.0.1:${String(port)}/${name}`;
  let running: ChildProcess | undefined;
  let databases = 0;

  async function start(): Promise<void> {
    const fsync = options.isDurable === true ? 'on' : 'off';
    const settings = [
      `port=${String(port)}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      `fsync=${fsync}`,
    ];
    const args = ['-D', folder, ...settings.flatMap((setting) => ['-c', setting])];
    // A group of its own: an interrupt at the terminal is for the tests, which then end it.
    const server = spawn(join(bin ?? '', 'postgres'), args, { ...identity, cwd: folder, detached: true });
    running = server;
    let said = '';
    server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!(await answers(url('postgres')))) {
      if (server.exitCode !== null) {
        // What a killed server has forked sees that it is alone, and ends, a moment later.
        if (!said.includes('still in use')) throw new Error(`PostgreSQL ended:\n${said}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
        return start();
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** @param signal SIGQUIT: ends at once, with all connections */
  async function end(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
    const server = running;
    running = undefined;
    if (server?.pid === undefined || server.exitCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    process.kill(signal === 'SIGKILL' ? -server.pid : server.pid, signal);
    await gone;
  }

  const endWithUs = () => {
    if (running?.pid !== undefined) process.kill(-running.pid, 'SIGKILL');
  };
  process.once('exit', endWithUs);
  await start();
  return {
    async newDatabase() {
      databases += 1;
      const name = `school_${String(databases)}`;
      await withClient(url('postgres'), (client) => client.query(`create database ${name}`));
      return url(name);
    },
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGQUIT');
      process.removeListener('exit', endWithUs);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const people = readFileSync('/etc/passwd', 'utf8').split('\n');
  const person = (name: string) => people.find((line) => line.startsWith(`${name}:`))?.split(':');
  const [, , uid, gid] = person('postgres') ?? person('nobody') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('nobody here who could run PostgreSQL');
  return { uid: Number(uid), gid: Number(gid) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

async function answers(url: string): Promise<boolean> {
  return withClient(url, (client) => client.query('select 1')).then(
    () => true,
    () => false,
  );
}

async function withClient(url: string, ask: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    await ask(client);
  } finally {
    await client.end();
  }
}
