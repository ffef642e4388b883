import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPostgres, startPostgres } from '../postgres-server.ts';
import { type Figure, median } from './figures.ts';
import { type BareLoop, barePostgres, bareSqlite } from './school-bare.ts';
import { answer, type Answered, told } from './school-load.ts';
import { type MeasuredSchool, type Peer, startPeer, startSchool } from './school-places.ts';
import { ASSESSMENTS, bodyOf, resultsOf } from './school-rows.ts';

const CONNECTIONS = 16;
const ROUNDS = 7;
/** Rounds that do not count: a server works for weeks, and in its first thousands of requests V8 is still compiling. */
const WARM_UP = 3;
const perRound = { single: 800, batch: 80, peer: 20, pages: 300 };
const BATCH = 100;

/**
 * How many results the school takes, one and a hundred a request, beside the bare database and a fake backend of
 * others. They take turns, so that a busy moment of the machine falls on all of them.
 */
export async function schoolRates(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tapmark-school-bench-'));
  const postgres = hasPostgres ? await startPostgres({ isDurable: true }) : undefined;
  try {
    const file = join(folder, 'tapmark.db');
    const figures = await rates('SQLite', `sqlite:${file}`, () => Promise.resolve(bareSqlite(file)));
    if (postgres === undefined) return figures;
    const url = await postgres.newDatabase();
    return [...figures, ...(await rates('PostgreSQL', url, () => barePostgres(url)))];
  } finally {
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Round {
  readonly single: Answered;
  readonly bareSingle: number;
  readonly batch: Answered;
  readonly bareBatch: number;
  readonly peer: Answered;
  readonly peerEntries: Answered;
  readonly pages: Answered;
  readonly peerPages: Answered;
}

interface Peers {
  /** Keeps each result as a row that can be asked for, as the school does. */
  readonly rows: Peer;
  /** Keeps a batch as one entry: the least work it can be asked to do, and no result can be found. */
  readonly entries: Peer;
  /** Holds a thousand results. */
  readonly reading: Peer;
}

async function startPeers(): Promise<Peers> {
  const { results } = JSON.parse(bodyOf(1000)) as { results: object[] };
  return { rows: await startPeer([]), entries: await startPeer([]), reading: await startPeer(results) };
}

async function rates(name: string, url: string, openBare: () => Promise<BareLoop>): Promise<Figure[]> {
  const school = await startSchool(url, ASSESSMENTS);
  const peers = await startPeers();
  const bare = await openBare();
  const rounds: Round[] = [];
  try {
    for (let n = 0; n < WARM_UP + ROUNDS; n += 1) rounds.push(await takeTurns(school, peers, bare));
  } finally {
    await bare.close();
    for (const peer of Object.values(peers) as Peer[]) await peer.stop();
    await school.stop();
  }
  return figuresOf(name, rounds.slice(WARM_UP));
}

async function takeTurns(school: MeasuredSchool, peers: Peers, bare: BareLoop): Promise<Round> {
  const single = await post(school, 1, perRound.single);
  const bareSingle = await bare.run(1, perRound.single);
  const batch = await post(school, BATCH, perRound.batch);
  const bareBatch = await bare.run(BATCH, perRound.batch);
  const body = bodyOf(BATCH);
  const send = (url: string) => answer(perRound.peer, CONNECTIONS, () => ({ url, body }));
  const peer = await send(`${peers.rows.address}/batches`);
  const peerEntries = await send(`${peers.entries.address}/entries`);
  const page = { url: `${resultsOf(school, 1)}?per_page=100`, token: school.token };
  const peerPage = { url: `${peers.reading.address}/results?_page=1&_limit=100` };
  const pages = await answer(perRound.pages, CONNECTIONS, () => page);
  const peerPages = await answer(perRound.pages, CONNECTIONS, () => peerPage);
  return { single, bareSingle, batch, bareBatch, peer, peerEntries, pages, peerPages };
}

async function post(school: MeasuredSchool, size: number, count: number): Promise<Answered> {
  const body = bodyOf(size);
  const taken = await answer(count, CONNECTIONS, (n) => ({
    url: resultsOf(school, 1 + (n % ASSESSMENTS)),
    token: school.token,
    body,
  }));
  await school.settled();
  return taken;
}

function figuresOf(name: string, rounds: readonly Round[]): Figure[] {
  const middle = (of: (round: Round) => number) => median(rounds.map(of));
  const middling = (of: (round: Round) => Answered): Answered => ({
    perSecond: middle((round) => of(round).perSecond),
    p99Ms: middle((round) => of(round).p99Ms),
  });
  const single = told(middling((round) => round.single));
  const batch = told(middling((round) => round.batch));
  const peerPages = told(middling((round) => round.peerPages));
  // Nothing was promised of these.
  process.stderr.write(
    `school on ${name}: pages of 100 ${told(middling((round) => round.pages))}; json-server's ${peerPages}\n` +
      `json-server with a batch as one entry: ${told(middling((round) => round.peerEntries))}\n`,
  );
  const loop = (rows: number) => `${rows.toFixed(0)} rows/s against`;
  return [
    {
      name: `school on ${name}: bare loop's rows per second, against POSTs of 1`,
      measured: `${loop(middle((round) => round.bareSingle))} ${single}`,
      value: middle((round) => round.bareSingle / round.single.perSecond),
      unit: '×',
      limit: 2,
    },
    {
      name: `school on ${name}: bare loop's rows per second, against POSTs of 100`,
      measured: `${loop(middle((round) => round.bareBatch))} ${batch}`,
      value: middle((round) => round.bareBatch / (round.batch.perSecond * BATCH)),
      unit: '×',
      limit: 2,
    },
    {
      name: `school on ${name}: json-server's batches of 100, as a part of ours`,
      measured: `${told(middling((round) => round.peer))} against ${batch}`,
      value: middle((round) => round.peer.perSecond / round.batch.perSecond),
      unit: '×',
      limit: 0.2,
    },
  ];
}
