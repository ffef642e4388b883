import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startFaultyProxy, type FaultyProxy } from '#testing/faulty-proxy.ts';
import { keepSecret, openLog } from '#testing/server-logs/keep.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The real server on a fresh sample school, reached through a proxy that can play a bad network. */
export interface SchoolServer {
  /** Where the browser goes: the proxy, whose address outlives the server's. */
  readonly url: string;
  readonly network: FaultyProxy;
  /** At once and without a farewell, as when the power goes. */
  kill: () => Promise<void>;
  /** Again on the same data. */
  start: () => Promise<void>;
  /** An access token of the school's own command. */
  token: (login: string) => Promise<string>;
  dispose: () => Promise<void>;
}

/** @param settings environment variables beside its own */
export async function startSchoolServer(
  settings: Readonly<Record<string, string>> = {},
): Promise<SchoolServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tapmark-school-'));
  const upstream = { host: '127.0.0.1', port: 0 };
  const network = await startFaultyProxy(upstream);
  keepSecret('session secret', settings['SESSION_SECRET']);
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    PORT: '0',
    DATA_DIR: dataDir,
    PUBLIC_URL: network.url,
    ...settings,
  };
  let running: ChildProcess | undefined;

  async function kill(signal: NodeJS.Signals = 'SIGKILL') {
    const server = running;
    running = undefined;
    if (server?.exitCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await gone;
  }

  async function start() {
    const server = spawn(process.execPath, ['dist/server/main.js'], { cwd: root, env });
    running = server;
    upstream.port = await portOf(server);
  }

  async function token(login: string) {
    const words = ['dist/server/school.js', 'token', login];
    const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: root, env });
    const made = stdout.trim().split('\n').at(-1) ?? '';
    keepSecret('token', made);
    return made;
  }

  await start();
  return {
    url: network.url,
    network,
    kill: () => kill(),
    start,
    token,
    dispose: async () => {
      await kill('SIGTERM');
      await network.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Reads the port from the one line with the address. */
function portOf(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const log = openLog();
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      log(chunk.toString());
    };
    const listen = (chunk: Buffer) => {
      hear(chunk);
      const port = /http:\/\/[^\s/]+:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    server.stdout?.on('data', listen);
    server.stderr?.on('data', hear);
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${said}`)));
  });
}
