import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Kysely } from 'kysely';
import { systemClock } from '#lib/clock.ts';
import { openDatabase } from '#server/database/database.ts';
import { issueToken } from '#server/school/auth/access-tokens.ts';
import { schoolMigrations } from '#server/school/migrations.ts';
import { sampleOutcomes, samplePeople } from '#server/school/sample/ids.ts';
import type { SchoolTables } from '#server/school/tables.ts';

const require = createRequire(import.meta.url);

/** A school in a process of its own. */
export interface MeasuredSchool {
  readonly address: string;
  readonly token: string;
  /** Of the process, MB; undefined where the system does not tell. */
  readonly memoryMb: () => number | undefined;
  /** Resolves when the scores of everything posted are computed. */
  readonly settled: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** @param assessments how many the maths class gets, each for an outcome, with the ids 1, 2, 3 and so on */
export async function startSchool(url: string, assessments: number): Promise<MeasuredSchool> {
  const script = fileURLToPath(new URL('../school-process/main.ts', import.meta.url));
  const words = ['--import', 'tsx', script, url];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const database = await openDatabase({ url, migrations: schoolMigrations });
  const db = database.tables<SchoolTables>();
  const grant = { userId: samplePeople.teacher, clientId: null, scopes: null, purpose: null };
  const { accessToken } = await issueToken(db, systemClock, grant);
  for (let n = 0; n < assessments; n += 500) {
    const some = Array.from({ length: Math.min(500, assessments - n) }, (_, at) => ({
      courseId: '101',
      key: String(n + at),
      title: 't',
      createdAt: 0,
    }));
    await db.insertInto('liveAssessments').values(some).execute();
    // As the app makes them: their results are scored.
    const alignments = some.map(({ key }) => ({
      assessmentId: String(Number(key) + 1),
      outcomeId: sampleOutcomes.fractions,
      threshold: 0.6,
    }));
    await db.insertInto('liveAlignments').values(alignments).execute();
  }
  return {
    address: line.toString().trim(),
    token: accessToken,
    memoryMb: () => residentMb(child),
    settled: () => settled(db),
    async stop() {
      await end(child);
      await database.close();
    },
  };
}

async function settled(db: Kysely<SchoolTables>): Promise<void> {
  const jobs = db.selectFrom('scoringJobs').select('id').limit(1);
  while ((await jobs.execute()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

function residentMb({ pid }: ChildProcess): number | undefined {
  try {
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}

export interface Peer {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/**
 * json-server, as a team would start it beside an app under development.
 * @param contents lists by name
 */
export async function startPeer(contents: Readonly<Record<string, readonly object[]>>): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'tapmark-peer-'));
  const file = join(folder, 'db.json');
  writeFileSync(file, JSON.stringify(contents));
  const bin = require.resolve('json-server/lib/cli/bin');
  const port = await freePort();
  const words = [bin, file, '--port', String(port), '--host', '127.0.0.1', '--quiet'];
  const child = spawn(process.execPath, words, { stdio: 'ignore' });
  const address = `http://127.0.0.1:${String(port)}`;
  while (
    !(await fetch(`${address}/db`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  return { address, stop };
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
