import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVault } from '#server/gateway/vault.ts';
import { startSchoolServer, type SchoolServer } from './school-server.ts';
import { keepSecret, openLog } from './server-logs/keep.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built server before a Canvas over the network, as a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  /** All that it has written, on both of its outputs. */
  readonly log: () => string;
  readonly kill: (signal?: NodeJS.Signals) => Promise<number | null>;
  readonly dispose: () => Promise<void>;
}

/** A server whose embedded school plays a real Canvas, reached through a network that a test can break. */
export interface PlayedCanvas extends SchoolServer {
  /** What the gateway must be started with. */
  readonly settings: Readonly<Record<string, string>>;
}

const canvasSecret = 'the secret of the server that plays a Canvas';

export async function startPlayedCanvas(): Promise<PlayedCanvas> {
  const school = await startSchoolServer({ SESSION_SECRET: canvasSecret });
  return {
    ...school,
    settings: {
      CANVAS_URL: school.url,
      // The embedded school's one developer key, and how it makes that key's secret (assemble.ts).
      CANVAS_CLIENT_ID: '10000000000001',
      CANVAS_CLIENT_SECRET: createVault(canvasSecret).seal('developer key of the embedded school'),
    },
  };
}

/** @param settings environment variables; `PORT` is a free one unless said otherwise */
export async function startGatewayProcess(
  settings: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'tapmark-gateway-'));
  const server = spawn(process.execPath, ['dist/server/main.js'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', PORT: '0', PUBLIC_URL: '', DATA_DIR: folder, ...settings },
  });
  keepSecret('session secret', settings['SESSION_SECRET']);
  keepSecret('client secret', settings['CANVAS_CLIENT_SECRET']);
  let log = '';
  const keep = openLog();
  const take = (chunk: Buffer) => {
    log += chunk.toString();
    keep(chunk.toString());
  };
  server.stdout.on('data', take);
  server.stderr.on('data', take);
  const gone = new Promise<number | null>((resolve) => server.once('close', (code) => resolve(code)));
  const kill = (signal: NodeJS.Signals = 'SIGTERM') => {
    if (server.exitCode === null) server.kill(signal);
    return gone;
  };
  return {
    url: await addressOf(server, () => log),
    log: () => log,
    kill,
    async dispose() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function addressOf(server: ChildProcess, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.stdout?.on('data', () => {
      const address = /ready at (http:\/\/[^\s/]+:\d+)/.exec(log())?.[1];
      if (address !== undefined) resolve(address);
    });
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${log()}`)));
  });
}
