import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPostgres, startPostgres } from '../postgres-server.ts';
import type { Figure } from './figures.ts';
import { bareSqlite, barePostgres } from './school-bare.ts';
import { answer, type Answered } from './school-load.ts';
import { type MeasuredSchool, startPeer, startSchool } from './school-places.ts';

const CONNECTIONS = 16;
const counts = { single: 1500, batch: 300, page: 1500, peer: 150 };
const BATCH = 100;
const MANY = 1_000_000;
const FEW = 1000;
/** What fits into an assessment before the next one is begun: a year of one class and outcome. */
const PER_ASSESSMENT = 1000;
/** Growth of a process that holds on to nothing; what V8 takes and gives back comes on top. */
const FLAT_MB = 48;

/** The embedded school as a server: results in, pages out, beside the bare databases and a fake backend of others. */
export async function schoolFigures(): Promise<Figure[]> {
  const peer = await peerPerSecond();
  const folder = mkdtempSync(join(tmpdir(), 'tapmark-school-bench-'));
  const figures: Figure[] = [];
  try {
    const file = join(folder, 'tapmark.db');
    const school = await startSchool(`sqlite:${file}`, MANY / PER_ASSESSMENT);
    figures.push(...(await growth(school)));
    figures.push(...(await rates('SQLite', school, (size, n) => bareSqlite(file, n, size), peer)));
    await school.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (!hasPostgres) return figures;
  const postgres = await startPostgres({ isDurable: true });
  try {
    const url = await postgres.newDatabase();
    const school = await startSchool(url, MANY / PER_ASSESSMENT);
    figures.push(...(await rates('PostgreSQL', school, (size, n) => barePostgres(url, n, size), peer)));
    await school.stop();
  } finally {
    await postgres.stop();
  }
  return figures;
}

const resultsOf = (school: MeasuredSchool, assessment: number) =>
  `${school.address}/api/v1/courses/101/live_assessments/${String(assessment)}/results`;

function bodyOf(size: number): string {
  const results = Array.from({ length: size }, (_, n) => ({
    passed: n % 3 !== 0,
    assessed_at: '2026-09-01T08:00:00Z',
    links: { user: String(1002 + (n % 10)) },
  }));
  return JSON.stringify({ results });
}

const pages = (school: MeasuredSchool, assessment = 1) =>
  answer(counts.page, CONNECTIONS, () => ({
    url: `${resultsOf(school, assessment)}?per_page=100`,
    token: school.token,
  }));

/** What a page costs with a thousand results and with a million, and whether the process grows in between. */
async function growth(school: MeasuredSchool): Promise<Figure[]> {
  const body = bodyOf(BATCH);
  const post = (from: number, to: number) =>
    answer((to - from) / BATCH, CONNECTIONS, (n) => ({
      url: resultsOf(school, 1 + Math.floor((from + n * BATCH) / PER_ASSESSMENT)),
      token: school.token,
      body,
    }));
  await post(0, FEW);
  await pages(school);
  const few = await pages(school);
  await post(FEW, MANY / 10);
  const beforeMb = school.memoryMb();
  await post(MANY / 10, MANY);
  const afterMb = school.memoryMb();
  await pages(school);
  const many = await pages(school);
  const page: Figure = {
    name: 'school: a page with 1,000,000 results stored, against 1,000',
    measured: `${told(many)} against ${told(few)}`,
    value: few.perSecond / many.perSecond,
    unit: '×',
    limit: 1.5,
  };
  if (beforeMb === undefined || afterMb === undefined) return [page];
  const memory: Figure = {
    name: 'school: growth of the process from 100,000 to 1,000,000 results posted',
    measured: `${beforeMb.toFixed(0)} MB, then ${afterMb.toFixed(0)} MB`,
    value: Math.max(0, afterMb - beforeMb),
    unit: 'MB',
    limit: FLAT_MB,
  };
  return [page, memory];
}

async function rates(
  name: string,
  school: MeasuredSchool,
  bare: (size: number, batches: number) => Promise<number>,
  peer: Answered,
): Promise<Figure[]> {
  const post = (size: number, count: number) => {
    const body = bodyOf(size);
    return answer(count, CONNECTIONS, (n) => ({
      url: resultsOf(school, 1 + (n % 20)),
      token: school.token,
      body,
    }));
  };
  await post(1, 200);
  await school.settled();
  const single = await post(1, counts.single);
  await school.settled();
  const bareSingle = await bare(1, counts.single);
  const batch = await post(BATCH, counts.batch);
  await school.settled();
  const bareBatch = await bare(BATCH, counts.batch);
  const page = await pages(school, 21);
  process.stderr.write(`school on ${name}: pages of 100, ${told(page)}\n`);
  const rows = batch.perSecond * BATCH;
  return [
    {
      name: `school on ${name}: bare loop's rows per second, against POSTs of 1`,
      measured: `${bareSingle.toFixed(0)} against ${told(single)}`,
      value: bareSingle / single.perSecond,
      unit: '×',
      limit: 2,
    },
    {
      name: `school on ${name}: bare loop's rows per second, against POSTs of 100`,
      measured: `${bareBatch.toFixed(0)} against ${rows.toFixed(0)} (${told(batch)})`,
      value: bareBatch / rows,
      unit: '×',
      limit: 2,
    },
    {
      name: `school on ${name}: json-server's batches of 100, as a part of ours`,
      measured: `${told(peer)} against ${told(batch)}`,
      value: peer.perSecond / batch.perSecond,
      unit: '×',
      limit: 0.2,
    },
  ];
}

/** A batch is one entry there, which is the least work it can be asked to do. */
async function peerPerSecond(): Promise<Answered> {
  const peer = await startPeer();
  const body = bodyOf(BATCH);
  const taken = await answer(counts.peer, CONNECTIONS, () => ({ url: `${peer.address}/batches`, body }));
  await peer.stop();
  return taken;
}

function told({ perSecond, p99Ms }: Answered): string {
  return `${perSecond.toFixed(0)}/s, p99 ${p99Ms.toFixed(0)} ms`;
}
