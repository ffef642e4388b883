import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestBrowser } from '#testing/test-browser.ts';
import { findNginx } from '../../../.config/nginx.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const canvasScript = fileURLToPath(new URL('./gateway-canvas.ts', import.meta.url));

/** One Canvas and the ways to it, each a process of its own. */
export interface Places {
  readonly direct: string;
  readonly gateway: string;
  /** As it comes, and with kept connections to Canvas. Absent: there is none on this machine. */
  readonly nginx: { readonly nginx: string; readonly nginxKept: string } | undefined;
  /** Of a signed-in teacher. */
  readonly cookie: string;
  /** What the gateway's process takes of memory, bytes. */
  readonly gatewayMemory: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Starts a Canvas, the built server before it, and nginx as a plain reverse proxy before it. */
export async function startPlaces(): Promise<Places> {
  const folder = await mkdtemp(join(tmpdir(), 'tapmark-bench-'));
  const running: ChildProcess[] = [];
  const start = (command: string, words: string[], env: Record<string, string> = {}) => {
    const child = spawn(command, words, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    running.push(child);
    return child;
  };
  const direct = await addressOf(start(process.execPath, ['--import', 'tsx', canvasScript]));
  const server = start(process.execPath, ['dist/server/main.js'], {
    NODE_ENV: 'production',
    PORT: '0',
    DATA_DIR: folder,
    PUBLIC_URL: '',
    DATABASE_URL: '',
    CANVAS_URL: direct,
    CANVAS_CLIENT_ID: 'bench',
    CANVAS_CLIENT_SECRET: 'bench',
  });
  const gateway = await addressOf(server);
  return {
    direct,
    gateway,
    nginx: await startNginx(folder, direct, start),
    cookie: await signIn(gateway),
    gatewayMemory: async () => {
      const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
    },
    async close() {
      await Promise.all(running.map(stop));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startNginx(
  folder: string,
  upstream: string,
  start: (command: string, words: string[]) => ChildProcess,
): Promise<Places['nginx']> {
  const nginx = findNginx();
  if (nginx === undefined) return undefined;
  const [plainPort, keptPort] = [await freePort(), await freePort()];
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 512; }
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server {
    listen 127.0.0.1:${plainPort};
    location / { proxy_pass ${upstream}; }
  }
  upstream kept { server ${new URL(upstream).host}; keepalive 64; }
  server {
    listen 127.0.0.1:${keptPort};
    location / { proxy_pass http://kept; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`,
  );
  start(nginx, ['-c', file, '-e', `${folder}/error.log`]);
  const address = `http://127.0.0.1:${plainPort}`;
  for (let tries = 0; tries < 100; tries += 1) {
    const up = await fetch(address).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return { nginx: address, nginxKept: `http://127.0.0.1:${keptPort}` };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nginx does not start: ${await readFile(`${folder}/error.log`, 'utf8')}`);
}

async function signIn(gateway: string): Promise<string> {
  const browser = createTestBrowser(gateway);
  const start = await browser.go('/tapmark/sign-in');
  const state = new URL(start.headers.get('location') ?? '').searchParams.get('state') ?? '';
  await browser.go(`/tapmark/sign-in/return?code=good-code&state=${state}`);
  return `tapmark=${browser.cookies.get('tapmark') ?? ''}`;
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /http:\/\/[^\s/]+:\d+/.exec(said)?.[0];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`a process of the bench ended with ${code}: ${said}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
