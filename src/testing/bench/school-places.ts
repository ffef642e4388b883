import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  const { child, address } = await startProcess('../school-process/main.ts', url);
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
    address,
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

/** json-server in a process of its own. */
export interface Peer {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** @param results it holds already */
export async function startPeer(results: readonly object[]): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'tapmark-peer-'));
  const file = join(folder, 'db.json');
  writeFileSync(file, JSON.stringify({ results, entries: [] }));
  const { child, address } = await startProcess('../json-server/main.ts', file);
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  return { address, stop };
}

/** @param script beside this file; says its address when it listens */
async function startProcess(script: string, argument: string) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const words = ['--import', 'tsx', path, argument];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, address: line.toString().trim() };
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
