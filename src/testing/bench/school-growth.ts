import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, median } from './figures.ts';
import { answer, type Answered, told } from './school-load.ts';
import { type MeasuredSchool, startSchool } from './school-places.ts';
import { bodyOf, resultsOf } from './school-rows.ts';

const CONNECTIONS = 16;
const MANY = 1_000_000;
const FEW = 1000;
/** What fits into an assessment before the next one is begun: a year of one class and outcome. */
const PER_ASSESSMENT = 1000;
const BATCH = 100;
const ROUNDS = 7;
const pagesPerRound = 400;
/** Growth of a process that holds on to nothing; what V8 takes and gives back comes on top. */
const FLAT_MB = 48;

/** What a page costs with a thousand results stored and with a million, and whether the process grows in between. */
export async function schoolGrowth(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tapmark-school-bench-'));
  const few = await startSchool(`sqlite:${join(folder, 'few.db')}`, FEW / PER_ASSESSMENT);
  const many = await startSchool(`sqlite:${join(folder, 'many.db')}`, MANY / PER_ASSESSMENT);
  try {
    await post(few, 0, FEW);
    await post(many, 0, MANY / 10);
    const beforeMb = many.memoryMb();
    await post(many, MANY / 10, MANY);
    const afterMb = many.memoryMb();
    const page = await pages(few, many);
    if (beforeMb === undefined || afterMb === undefined) return [page];
    const memory: Figure = {
      name: 'school: growth of the process from 100,000 to 1,000,000 results posted',
      measured: `${beforeMb.toFixed(0)} MB, then ${afterMb.toFixed(0)} MB`,
      value: Math.max(0, afterMb - beforeMb),
      unit: 'MB',
      limit: FLAT_MB,
    };
    return [page, memory];
  } finally {
    await few.stop();
    await many.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function post(school: MeasuredSchool, from: number, to: number): Promise<void> {
  const body = bodyOf(BATCH);
  const assessmentOf = (n: number) => 1 + Math.floor((from + n * BATCH) / PER_ASSESSMENT);
  await answer((to - from) / BATCH, CONNECTIONS, (n) => ({
    url: resultsOf(school, assessmentOf(n)),
    token: school.token,
    body,
  }));
  await school.settled();
}

async function pages(few: MeasuredSchool, many: MeasuredSchool): Promise<Figure> {
  const rounds: { readonly few: Answered; readonly many: Answered }[] = [];
  // In turn, so that a busy moment of the machine falls on both; the first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    rounds.push({ few: await readPages(few, 1), many: await readPages(many, MANY / PER_ASSESSMENT) });
  }
  const counted = rounds.slice(1);
  const middling = (of: 'few' | 'many') =>
    told({
      perSecond: median(counted.map((round) => round[of].perSecond)),
      p99Ms: median(counted.map((round) => round[of].p99Ms)),
    });
  return {
    name: 'school: a page with 1,000,000 results stored, against 1,000',
    measured: `${middling('many')} against ${middling('few')}`,
    value: median(counted.map((round) => round.few.perSecond / round.many.perSecond)),
    unit: '×',
    limit: 1.5,
  };
}

/** Pages of every assessment in turn, so that no part of a large file is read more than another. */
function readPages(school: MeasuredSchool, assessments: number): Promise<Answered> {
  return answer(pagesPerRound, CONNECTIONS, (n) => {
    const assessment = 1 + ((n * 617) % assessments);
    return {
      url: `${resultsOf(school, assessment)}?per_page=100&page=${String(1 + (n % 10))}`,
      token: school.token,
    };
  });
}
