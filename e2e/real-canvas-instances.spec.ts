import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { attemptHeader, stampHeader } from '#canvas/gateway-wire.ts';
import { pass } from '#testing/faults.ts';
import { startGatewayProcess, startPlayedCanvas, type PlayedCanvas } from '#testing/gateway-process.ts';
import { hasPostgres, startPostgres } from '#testing/postgres-server.ts';
import { findNginx } from '../.config/nginx.mjs';
import { createCanvasReader } from './fixtures/canvas-reader.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';

const { expect } = base;
const nginx = findNginx();

/** Two gateways on one PostgreSQL behind nginx with the configuration that we give to schools, before a played Canvas. */
interface School {
  readonly url: string;
  readonly instances: readonly Instance[];
  /** Between the instances and Canvas. */
  readonly network: PlayedCanvas['network'];
  readonly canvas: ReturnType<typeof createCanvasReader>;
}

interface Instance {
  readonly log: () => string;
  readonly kill: (signal: NodeJS.Signals) => Promise<unknown>;
  /** How many requests it has not answered yet, by its own count. */
  readonly inFlight: () => Promise<number>;
}

const test = base.extend<{ school: School }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
  school: async ({}, use) => {
    const [played, postgres] = await Promise.all([startPlayedCanvas(), startPostgres()]);
    const [port, ...ports] = await Promise.all([freePort(), freePort(), freePort()]);
    const url = `http://127.0.0.1:${port}`;
    const shared = {
      ...played.settings,
      DATABASE_URL: await postgres.newDatabase(),
      SESSION_SECRET: 'the one secret that both instances share',
      PUBLIC_URL: url,
    };
    const instances = await Promise.all(ports.map((own) => startInstance({ ...shared, PORT: String(own) })));
    const proxy = await startNginx(port, ports);
    await use({ url, instances, network: played.network, canvas: createCanvasReader(played) });
    await proxy.stop();
    await Promise.all(instances.map((instance) => instance.dispose()));
    await Promise.all([played.dispose(), postgres.stop()]);
  },
  baseURL: async ({ school }, use) => use(school.url),
});

test.skip(nginx === undefined || !hasPostgres, 'there is no nginx or no PostgreSQL on this machine');

test('two instances behind nginx, requests at random, one killed in mid-lesson: every mark arrives once', async ({
  page,
  school,
}) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary, { title: 'Two instances' });
  const students = (await lesson.students()).slice(0, 12);
  for (const [n, student] of students.entries()) {
    await lesson.save(student, n % 3 === 0 ? 'Fail' : 'Pass');
    if (n % 4 === 1) await lesson.sendNow();
    if (n !== 6) continue;
    // A POST that dies with its instance is in doubt, and looked for two minutes later: not what is shown here.
    await lesson.expectInCanvas(students.slice(0, 6));
    await school.instances[0]?.kill('SIGKILL');
  }
  const again = page.getByRole('button', { name: 'Send now' });
  if (await again.isVisible()) await again.click();
  await lesson.expectInCanvas(students);
  const rows = await school.canvas.rows(course);
  expect(new Set(rows.map(({ links }) => links.user)).size).toBe(students.length);
  expect(rows).toHaveLength(students.length);
  // Both had a part in it, and the session was known to both.
  for (const { log } of school.instances) expect(log()).toMatch(/"route":"\/api\/v1\/.*"status":200/);
});

test('an instance killed in mid-POST: Canvas has the mark once, and the other instance answers for the attempt', async ({
  page,
  school,
}) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  const course = await lesson.open(classes.ordinary, { title: 'In mid-POST' });
  const [student] = await lesson.students();
  await lesson.save(student!, 'Pass');

  // Canvas takes the mark, and its answer is held back until nobody is there to hear it.
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const isPost = (one: { method: string; path: string }) =>
    one.method === 'POST' && one.path.endsWith('/results');
  school.network.plan((request) => (isPost(request) ? { kind: 'wait', after: held } : pass));
  const posted = page.waitForRequest(
    (request) => /\/results$/.test(request.url()) && request.method() === 'POST',
  );
  await lesson.sendNow();
  const sent = await posted;
  const passages = () => school.network.passages.filter(isPost).map(({ answered }) => answered);
  await expect.poll(passages).toEqual([200]);
  let busy: number[] = [];
  await expect
    .poll(async () => {
      busy = await Promise.all(school.instances.map(({ inFlight }) => inFlight()));
      return busy.toSorted();
    })
    .toEqual([0, 1]);
  await school.instances[busy.indexOf(1)]?.kill('SIGKILL');
  letGo();

  const attempt = (await sent.allHeaders())[attemptHeader] ?? '';
  const ask = (id: string) =>
    page.evaluate(
      async ({ id, stampName }) => {
        const session = await fetch('/tapmark/session');
        const stamp = session.headers.get(stampName);
        const body = JSON.stringify({ stamp });
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`/tapmark/attempts/${id}/inquiry`, { method: 'POST', headers, body });
        return (await answer.json()) as unknown;
      },
      { id, stampName: stampHeader },
    );
  // What another instance began and never ended is in doubt, never vouched for; what nobody began is.
  expect(await ask(attempt)).toEqual({ knows: 'running' });
  expect(await ask(crypto.randomUUID())).toEqual({ knows: 'never-forwarded' });

  await lesson.expectInCanvas([student!]);
  const rows = await school.canvas.rows(course);
  expect(rows).toHaveLength(1);
  expect(passages()).toEqual([200]);
});

async function startInstance(settings: Record<string, string>) {
  const metricsPort = await freePort();
  const instance = await startGatewayProcess({ ...settings, METRICS_PORT: String(metricsPort) });
  return {
    ...instance,
    async inFlight() {
      const page = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      return Number(/^tapmark_in_flight (\d+)$/m.exec(page)?.[1]);
    },
  };
}

async function startNginx(port: number, ports: readonly number[]) {
  const folder = await mkdtemp(join(tmpdir(), 'tapmark-nginx-'));
  await mkdir(join(folder, 'temp'));
  const given = await readFile('src/server/deploy/nginx.conf', 'utf8');
  const own = given
    .replace(/server \{\s+listen 80;[^}]*\}/, '')
    .replace('listen 443 ssl http2;', `listen 127.0.0.1:${port};`)
    .replace(/^\s*ssl_.*$/gm, '')
    .replace('127.0.0.1:8080', `127.0.0.1:${ports[0]}`)
    .replace('127.0.0.1:8081', `127.0.0.1:${ports[1]}`)
    .replace('proxy_set_header Host $host;', 'proxy_set_header Host $http_host;');
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/temp/${name};`)
    .join(' ');
  const file = join(folder, 'nginx.conf');
  const events = 'events { worker_connections 256; }';
  const head = `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log; ${events}`;
  await writeFile(file, `${head}\nhttp { access_log off; ${temp}\n${own}\n}\n`);
  const child = spawn(nginx ?? '', ['-c', file, '-e', `${folder}/error.log`], { stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await expect
    .poll(() =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
  return {
    async stop() {
      child.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
