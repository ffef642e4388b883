import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#lib/clock.ts';
import { onEachDatabase } from '#testing/each-database.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '#testing/postgres-server.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { issueToken } from './auth/access-tokens.ts';
import { runCommand } from './commands.ts';
import { schoolMigrations } from './migrations.ts';
import { samplePeople } from './sample/ids.ts';
import { createSchool } from './school.ts';
import type { SchoolTables } from './tables.ts';

/*
 * The server, or the database, dies by SIGKILL while several clients post batches. Afterwards every batch that was
 * answered is there whole, and none is there in part. CRASH_ROUNDS sets how often.
 */

const rounds = Number(process.env['CRASH_ROUNDS'] ?? 10);
const CLIENTS = 6;
const students = ['1002', '1003', '1004', '1005', '1006', '1007'];

type Send = (path: string, init: RequestInit) => Promise<Response>;

/** Posts batches until it is stopped or nobody answers. Each has a second of its own, by which its rows are known. */
class Posting {
  /** Sizes of batches by their second. */
  readonly sent = new Map<number, number>();
  readonly answered = new Set<number>();
  #next = 0;
  #isOver = false;

  stop(): void {
    this.#isOver = true;
  }

  async run(send: Send, token: string): Promise<void> {
    await Promise.all(Array.from({ length: CLIENTS }, () => this.#client(send, token)));
  }

  async #client(send: Send, token: string): Promise<void> {
    while (!this.#isOver) {
      this.#next += 1;
      const second = this.#next;
      const size = 1 + ((second * 7) % 23);
      this.sent.set(second, size);
      const assessedAt = new Date(second * 1000).toISOString();
      const results = Array.from({ length: size }, (_, n) => ({
        passed: n % 2 === 0,
        assessed_at: assessedAt,
        links: { user: students[n % students.length] },
      }));
      const isAnswered = await send('/api/v1/courses/101/live_assessments/1/results', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ results }),
      }).then(
        async (response) => {
          await response.text();
          return response.status === 200;
        },
        () => false,
      );
      if (isAnswered) this.answered.add(second);
      else await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

const open = (url: string) => openDatabase({ url, migrations: schoolMigrations });

/** The sample school with one assessment that counts for an outcome. @returns a teacher's token */
async function prepare(database: Database): Promise<string> {
  const db = database.tables<SchoolTables>();
  await (await createSchool({ database, clock: systemClock })).close();
  await db
    .insertInto('liveAssessments')
    .values({ courseId: '101', key: 'k', title: 't', createdAt: 0 })
    .execute();
  await db
    .insertInto('liveAlignments')
    .values({ assessmentId: '1', outcomeId: '201', threshold: 0.6 })
    .execute();
  const grant = { userId: samplePeople.teacher, clientId: null, scopes: null, purpose: null };
  return (await issueToken(db, systemClock, grant)).accessToken;
}

/** @returns what is wrong with what is stored, for each batch of a round; the rows are removed */
async function settle(database: Database, posting: Posting): Promise<string[]> {
  const db = database.tables<SchoolTables>();
  const rows = await db
    .selectFrom('liveResults')
    .select(['assessedAt', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('assessedAt')
    .execute();
  const stored = new Map(rows.map(({ assessedAt, count }) => [assessedAt / 1000, count]));
  const wrong = [...posting.sent].flatMap(([second, size]) => {
    const count = stored.get(second) ?? 0;
    if (count !== 0 && count !== size)
      return [`batch ${String(second)}: ${String(count)} of ${String(size)}`];
    return posting.answered.has(second) && count === 0
      ? [`batch ${String(second)} was answered and is gone`]
      : [];
  });
  await runCommand(['check'], { database, clock: systemClock, origin: '', print: () => undefined });
  // What a crash has left unscored is scored when the school opens again.
  await (await createSchool({ database, clock: systemClock })).close();
  expect(await db.selectFrom('scoringJobs').select('id').execute()).toEqual([]);
  const { passed } = await db
    .selectFrom('liveResults')
    .select((eb) => eb.fn.countAll<number>().as('passed'))
    .where('userId', '=', '1002')
    .executeTakeFirstOrThrow();
  const scores = await db
    .selectFrom('outcomeScores')
    .select('percent')
    .where('userId', '=', '1002')
    .execute();
  expect(scores).toHaveLength(passed === 0 ? 0 : 1);
  await db.deleteFrom('outcomeScores').execute();
  await db.deleteFrom('liveResults').execute();
  return wrong;
}

/** Until some batches are answered, and a moment that differs from round to round. */
async function wait(posting: Posting, round: number): Promise<void> {
  while (posting.answered.size < 3) await new Promise((resolve) => setTimeout(resolve, 2));
  await new Promise((resolve) => setTimeout(resolve, (round * 13) % 60));
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Within the tree, so that packages are found from there. */
const built = `${root}.cache/school-process`;

/** Once for all rounds: a process that must compile its sources would take most of the time to start. */
beforeAll(async () => {
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    build: { ssr: 'src/testing/school-process/main.ts', outDir: built, target: 'node20' },
  });
});

async function startProcess(url: string) {
  const child = spawn(process.execPath, [`${built}/main.js`, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const address = line.toString().trim();
  const send: Send = (path, init) => fetch(address + path, { ...init, signal: AbortSignal.timeout(10_000) });
  const kill = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return { send, kill };
}

onEachDatabase((newUrl) => {
  test(
    `a server killed ${String(rounds)} times loses no answered batch and keeps none in part`,
    async () => {
      const url = await newUrl();
      const first = await open(url);
      const token = await prepare(first);
      await first.close();
      let answered = 0;
      for (let round = 0; round < rounds; round += 1) {
        const server = await startProcess(url);
        const posting = new Posting();
        const running = posting.run(server.send, token);
        await wait(posting, round);
        await server.kill();
        posting.stop();
        await running;
        const database = await open(url);
        expect(await settle(database, posting)).toEqual([]);
        await database.close();
        answered += posting.answered.size;
      }
      expect(answered).toBeGreaterThan(rounds);
    },
    60_000 + rounds * 15_000,
  );
});

describe.skipIf(!hasPostgres)('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test(
    `killed ${String(rounds)} times under a school that goes on, it loses no answered batch and keeps none in part`,
    async () => {
      const database = await open(await server.newDatabase());
      const token = await prepare(database);
      const school = await createSchool({ database, clock: systemClock });
      const send: Send = (path, init) => school.fetch(new Request(`http://school.test${path}`, init));
      for (let round = 0; round < rounds; round += 1) {
        const posting = new Posting();
        const running = posting.run(send, token);
        await wait(posting, round);
        await server.kill();
        await server.start();
        // It takes up its work again by itself.
        const before = posting.answered.size;
        while (posting.answered.size === before) await new Promise((resolve) => setTimeout(resolve, 5));
        posting.stop();
        await running;
        await school.close();
        expect(await settle(database, posting)).toEqual([]);
      }
      await database.close();
    },
    60_000 + rounds * 15_000,
  );
});
