import { createSyncDeps } from '#app/sync-deps.ts';
import { resultsBody } from '#canvas/body.ts';
import type { SessionAnswer } from '#canvas/gateway-wire.ts';
import type { AccountId, AssessmentKey, AttemptId, CourseId, MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { systemRandom } from '#lib/random.ts';
import { openAccountStore, type AccountStore } from '#store/account-store.ts';
import { databaseName } from '#store/schema.ts';
import { batchMaxMarks } from '#sync/parameters.ts';
import { startSync } from '#sync/engine.ts';
import { watched } from './main-thread.ts';

export interface DrainTerms {
  readonly marks: number;
  readonly lanes: number;
  readonly bare: boolean;
  /** How long every answer is on its way besides, ms. */
  readonly answerMs: number;
}

export interface DrainFacts {
  readonly ms: number;
  /** Requests by what they ask for. */
  readonly requests: Readonly<Record<'reads' | 'posts' | 'others', number>>;
  readonly batches: number;
  /** The same batches by the shortest code there is, ms. */
  readonly bareMs: number;
}

/** What waits on the device, as the page that made it leaves it. */
export interface Backlog {
  readonly id: AccountId;
  readonly course: CourseId;
  readonly run: string;
}

declare global {
  var fillBacklog: (how: Pick<DrainTerms, 'marks' | 'lanes'>) => Promise<Backlog>;
  var measureDrain: (how: DrainTerms, backlog: Backlog) => Promise<DrainFacts>;
}

/** Marks that wait in many lanes. They are made by a page of their own, as those of a week without a network are. */
globalThis.fillBacklog = async ({ marks, lanes }) => {
  const id = `bench-${systemRandom.uuid()}/${await signedInUser()}` as AccountId;
  const { store, client } = await openSender(id);
  const courses = await client.listCourses();
  const classes = await Promise.all(
    courses.map(async (course) => ({ course: course.id, students: await client.listStudents(course.id) })),
  );
  const largest = classes.sort((a, b) => b.students.length - a.students.length)[0]!;
  const students = largest.students.map((student) => student.id);
  const run = systemRandom.uuid().slice(0, 8);
  await fill(store, { marks, lanes, students, course: largest.course, run });
  store.close();
  return { id, course: largest.course, run };
};

/**
 * A backlog on the real store, sent by the real core through the real gateway; then the same batches, in as many lanes
 * of their own, one POST after the other with nothing around it.
 */
globalThis.measureDrain = async ({ marks, bare, answerMs }, { id, course, run }) => {
  const { store, client, deps } = await openSender(id);
  // What a start reads is no part of the drain.
  await new Promise<void>((resolve) => {
    store.watch.openCounts.subscribe(() => resolve());
  });
  await new Promise((resolve) => setTimeout(resolve, 1_000));

  delayAnswers(answerMs);
  const counted = countRequests();
  performance.mark(watched.begins);
  const started = performance.now();
  const engine = startSync({ ...deps, visible: () => true });
  await new Promise<void>((resolve) => {
    const look = () => {
      const { kind, confirmed } = engine.status.get();
      if (kind === 'all-in-canvas' && confirmed === marks) resolve();
    };
    engine.status.subscribe(look);
    look();
  });
  const ms = performance.now() - started;
  const requests = counted.end();
  await engine.stop();
  // What the drain leaves to be done is no part of it, but is to disturb neither the screen nor the bare loop.
  await untilFiled(id);
  performance.mark(watched.ends);
  const batches = batchesOf(await store.sync.read((tx) => tx.marks.byState('CONFIRMED')));
  store.close();
  const bareMs = bare ? await postBare(client, { batches, course, run }) : 0;
  return { ms, requests, batches: batches.length, bareMs };
};

async function signedInUser(): Promise<UserId> {
  const session = (await (await fetch('/tapmark/session')).json()) as SessionAnswer;
  if (!session.signedIn) throw new Error('nobody is signed in');
  return session.user.id as UserId;
}

async function openSender(id: AccountId) {
  const store = await openAccountStore(id);
  const meta = await store.sync.read((tx) => tx.meta.get());
  const userId = id.slice(id.lastIndexOf('/') + 1) as UserId;
  return { store, ...createSyncDeps({ id, userId }, store.sync, meta) };
}

type Client = ReturnType<typeof createSyncDeps>['client'];

interface Filling {
  readonly marks: number;
  readonly lanes: number;
  readonly students: readonly UserId[];
  readonly course: CourseId;
  readonly run: string;
}

const nineOClock = Date.UTC(2026, 10, 2, 9);

async function fill(store: AccountStore, { marks, lanes, students, course, run }: Filling): Promise<void> {
  const perLane = marks / lanes;
  for (let lane = 0; lane < lanes; lane += 1) {
    const taps = Array.from({ length: perLane }, (_, n) => ({
      id: systemRandom.uuid() as MarkId,
      course,
      assessmentKey: `2026-11-02,bench ${run} ${lane}` as AssessmentKey,
      student: students[n % students.length]!,
      passed: n % 3 !== 0,
      tappedAt: nineOClock + (lane * perLane + n) * 1000,
      holdMs: 0,
    }));
    await store.marks.createAll(taps);
  }
  await store.marks.release({ kind: 'all' });
}

/** Waits until every mark is a row of its own again. */
async function untilFiled(account: AccountId): Promise<void> {
  const opening = indexedDB.open(databaseName(account));
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(new Error('the database does not open', { cause: opening.error }));
  });
  const left = () =>
    new Promise<number>((resolve) => {
      const counting = db.transaction('bundles').objectStore('bundles').count();
      counting.onsuccess = () => resolve(counting.result);
    });
  while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  db.close();
}

/** As the core forms them: a lane's marks, a hundred at a time. */
function batchesOf(marks: readonly Mark[]): Mark[][] {
  const lanes = Map.groupBy(marks, (mark) => mark.lane);
  return [...lanes.values()].flatMap((lane) =>
    Array.from({ length: Math.ceil(lane.length / batchMaxMarks) }, (_, n) =>
      lane.slice(n * batchMaxMarks, (n + 1) * batchMaxMarks),
    ),
  );
}

/** The assessments are made beforehand, and their making is not counted. */
async function postBare(
  client: Client,
  { batches, course, run }: { batches: readonly Mark[][]; course: CourseId; run: string },
): Promise<number> {
  const assessments = new Map<string, Awaited<ReturnType<Client['findOrCreateAssessment']>>>();
  for (const [{ lane } = { lane: '' }] of batches) {
    if (assessments.has(lane)) continue;
    const key = `2026-11-02,bare ${run} ${assessments.size}` as AssessmentKey;
    assessments.set(lane, await client.findOrCreateAssessment({ course, key, title: key }));
  }
  let stamp = [...assessments.values()].at(-1)?.answer.stamp;
  const started = performance.now();
  for (const batch of batches) {
    const made = assessments.get(batch[0]!.lane)!;
    const attempt = { id: systemRandom.uuid() as AttemptId, ...(stamp === undefined ? {} : { stamp }) };
    const body = resultsBody(batch);
    const { answer } = await client.postResults({ course, assessment: made.value.id, body, attempt });
    stamp = answer.stamp ?? stamp;
  }
  return performance.now() - started;
}

/** The way to a server that is not on this machine: the same for the core and for the bare loop. */
function delayAnswers(ms: number): void {
  const real = globalThis.fetch;
  if (ms === 0) return;
  globalThis.fetch = async (input, init) => {
    const answer = await real(input, init);
    await new Promise((resolve) => setTimeout(resolve, ms));
    return answer;
  };
}

function countRequests(): { end: () => DrainFacts['requests'] } {
  const real = globalThis.fetch;
  const requests = { reads: 0, posts: 0, others: 0 };
  globalThis.fetch = (input, init) => {
    const path = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const kind = !path.includes('/results') ? 'others' : init?.method === 'POST' ? 'posts' : 'reads';
    requests[kind] += 1;
    return real(input, init);
  };
  return {
    end: () => {
      globalThis.fetch = real;
      return requests;
    },
  };
}
