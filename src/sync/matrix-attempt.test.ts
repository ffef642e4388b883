import { describe, expect, it } from 'vitest';
import { attemptHeader, outcomeHeader, reasonHeader, speakerHeader } from '#canvas/gateway-wire.ts';
import {
  forbidden,
  missing,
  portalPage,
  serverError,
  throttled,
  unauthenticated,
  type ModelAnswer,
} from '#testing/model-canvas.ts';
import type { Fate, Hop } from '#testing/model-network.ts';
import { SyncWorld, type Tab } from '#testing/sync-world.ts';
import { settleMs } from './parameters.ts';

const minutes = (n: number) => n * 60_000;

/** A world whose nth POST has a fate. */
function worldWith(
  fate: Fate,
  options: { leg?: Hop['leg']; from?: number; to?: number; gateway?: boolean } = {},
) {
  const world = new SyncWorld({ gateway: options.gateway ?? true });
  const { leg = 'device', from = 1, to = 1 } = options;
  world.network.plan = (hop) =>
    hop.kind === 'post' && hop.leg === leg && hop.n >= from && hop.n <= to ? fate : undefined;
  return world;
}

function expectOneRowEach(world: SyncWorld, count: number) {
  expect(world.states()).toEqual({ CONFIRMED: count });
  expect(world.rowsPerMark()).toEqual(Array<number>(count).fill(1));
  expect(world.canvas.rows).toHaveLength(count);
}

/** Taps the class and lets the first attempt end. */
async function sendOnce(world: SyncWorld, count: number): Promise<Tab> {
  const tab = world.open();
  await world.tapClass(tab, count);
  await world.run(1_000);
  return tab;
}

const html = (status: number): ModelAnswer => ({ ...portalPage(), status });

/** The first POSTs are refused before forwarding, as when the gateway doubts that our own page sent them. */
function refuseForCsrf(world: SyncWorld, times: number): void {
  const { server } = world;
  let refused = 0;
  world.server = async (request) => {
    const answer = request.headers[attemptHeader] === undefined ? await server(request) : undefined;
    if (answer !== undefined || refused >= times) return answer ?? server(request);
    refused += 1;
    const headers = { [speakerHeader]: 'gateway', [outcomeHeader]: 'not-sent', [reasonHeader]: 'csrf' };
    return { status: 403, headers, body: '' };
  };
}

describe('the end of an attempt', { timeout: 60_000 }, () => {
  it('says how many are on their way while they are', async () => {
    const world = worldWith({ answerMs: 10_000 });
    const tab = await sendOnce(world, 20);
    await world.tap(tab, { student: '130', holdMs: 60_000 });
    expect(tab.engine.status.get()).toMatchObject({ kind: 'sending', sending: 20, waiting: 20 });
    await world.run(20_000);
    expect(tab.engine.status.get()).toMatchObject({ kind: 'held', waiting: 1, confirmed: 20 });
  });

  it('#18 network gone before connecting: UNKNOWN, and one row after reconnect', async () => {
    const world = worldWith({ arriveMs: 'never', failMs: 100 });
    await sendOnce(world, 20);
    await world.run(minutes(1));
    await world.run(settleMs);
    expectOneRowEach(world, 20);
  });

  it('#18 without a gateway absence is not concluded before SETTLE', async () => {
    const world = worldWith({ arriveMs: 'never', failMs: 100 }, { gateway: false });
    await sendOnce(world, 20);
    await world.run(settleMs - 5_000);
    expect(world.states()).toEqual({ UNKNOWN: 20 });
    expect(world.posts).toBe(1);
    await world.run(30_000);
    expect(world.posts).toBe(2);
    expectOneRowEach(world, 20);
  });

  it('#20 connection reset after the commit: found by a read, no second POST', async () => {
    const world = worldWith({ answer: 'lost', failMs: 200 });
    await sendOnce(world, 20);
    await world.run(minutes(1));
    expectOneRowEach(world, 20);
    expect(world.posts).toBe(1);
  });

  it('#21 answer after 80 s: the presence read confirms', async () => {
    const world = worldWith({ answerMs: 80_000 }, { gateway: false });
    await sendOnce(world, 5);
    await world.run(70_000);
    expect(world.states()).toEqual({ INFLIGHT: 5 });
    await world.run(15_000);
    expectOneRowEach(world, 5);
    expect(world.posts).toBe(1);
  });

  it('#22 500 after the commit: the presence read confirms', async () => {
    const world = worldWith({ answer: serverError() }, { leg: 'upstream' });
    await sendOnce(world, 20);
    await world.run(10_000);
    expectOneRowEach(world, 20);
    expect(world.posts).toBe(1);
  });

  it('#23 500 before the commit: SETTLE, absent, sent again', async () => {
    const world = worldWith({ arriveMs: 'never', answer: serverError() }, { leg: 'upstream' });
    await sendOnce(world, 20);
    await world.run(settleMs - 5_000);
    expect(world.states()).toEqual({ UNKNOWN: 20 });
    await world.run(30_000);
    expectOneRowEach(world, 20);
    expect(world.posts).toBe(2);
  });

  it.each([502, 503, 504])('#25 %i from a proxy while the server works on: one row', async (status) => {
    const world = worldWith(
      { arriveMs: 30_000, answer: html(status), failMs: undefined as never },
      { gateway: false },
    );
    await sendOnce(world, 20);
    await world.run(minutes(6));
    expectOneRowEach(world, 20);
    expect(world.posts).toBe(1);
  });

  it('#26 503 marked not-sent by the gateway: QUEUED at once, no SETTLE', async () => {
    const world = worldWith({ noConnection: true }, { leg: 'upstream' });
    await sendOnce(world, 20);
    expect(world.states()).toEqual({ QUEUED: 20 });
    await world.run(10_000);
    expectOneRowEach(world, 20);
  });

  it('#27 200 with HTML: UNKNOWN and unreachable, no absence before Canvas answers again', async () => {
    const world = new SyncWorld();
    let portal = false;
    world.network.plan = (hop) => {
      if (hop.leg !== 'device') return undefined;
      if (hop.kind === 'post' && hop.n === 1) portal = true;
      return portal ? { arriveMs: 'never', answer: portalPage() } : undefined;
    };
    const tab = await sendOnce(world, 20);
    expect(world.gate()).toBe('unreachable');
    await world.run(minutes(10));
    expect(world.states()).toEqual({ UNKNOWN: 20 });
    expect(tab.engine.status.get()).toMatchObject({ kind: 'wifi-sign-in', waiting: 20 });
    portal = false;
    tab.engine.kick('online');
    await world.run(minutes(3));
    expectOneRowEach(world, 20);
    expect(world.posts).toBe(2);
  });

  it('#29 200 with a row missing in the body: UNKNOWN; a read decides', async () => {
    const world = new SyncWorld();
    const cut = (answer: ModelAnswer): ModelAnswer => {
      const { results } = JSON.parse(answer.body) as { results: unknown[] };
      return { ...answer, body: JSON.stringify({ results: results.slice(1) }) };
    };
    let posts = 0;
    world.canvas.intercept = (request, handle) => {
      const answer = handle();
      const isPost = request.method === 'POST' && request.path.endsWith('/results');
      return isPost && ++posts === 1 ? cut(answer) : answer;
    };
    await sendOnce(world, 20);
    await world.run(10_000);
    expectOneRowEach(world, 20);
    expect(world.posts).toBe(1);
  });

  it('#30 200 with rows regrouped and times with an offset: matched by key', async () => {
    const world = new SyncWorld();
    world.canvas.intercept = (request, handle) => {
      const answer = handle();
      if (request.method !== 'POST' || !request.path.endsWith('/results')) return answer;
      const { results } = JSON.parse(answer.body) as { results: { assessed_at: string }[] };
      const shifted = results.reverse().map((row) => ({
        ...row,
        assessed_at: row.assessed_at.replace('T09', 'T10').replace('Z', '.000+01:00'),
      }));
      return { ...answer, body: JSON.stringify({ results: shifted }) };
    };
    await sendOnce(world, 20);
    expectOneRowEach(world, 20);
    expect(world.marks().every((mark) => mark.via === 'answer')).toBe(true);
  });

  it('#31 200 with another assessor: gate identity, no further POST', async () => {
    const world = new SyncWorld();
    world.canvas.intercept = (request, handle) =>
      request.method === 'POST' && request.path.endsWith('/results') ? handle({ user: '99' }) : handle();
    const tab = await sendOnce(world, 3);
    await world.run(minutes(30));
    await world.tap(tab, { student: '120' });
    await world.run(minutes(30));
    expect(world.gate()).toBe('identity');
    expect(world.posts).toBe(1);
    expect(tab.engine.status.get()).toMatchObject({ kind: 'needs-you', needsYou: 1, waiting: 4 });
  });

  it('#32 redirect to a login page: UNKNOWN, not followed; after sign-in one row', async () => {
    const login: ModelAnswer = { status: 302, headers: { location: '/login' }, body: '' };
    const world = worldWith({ arriveMs: 'never', answer: login });
    await sendOnce(world, 20);
    expect(world.states()).toEqual({ UNKNOWN: 20 });
    await world.run(minutes(3));
    expectOneRowEach(world, 20);
  });

  it('#37 401 with WWW-Authenticate: QUEUED, auth; sent after sign-in', async () => {
    const world = worldWith({ arriveMs: 'never', answer: unauthenticated() }, { leg: 'upstream', to: 3 });
    const tab = await sendOnce(world, 20);
    expect(world.states()).toEqual({ QUEUED: 20 });
    expect(world.gate()).toBe('auth');
    world.user = undefined;
    await world.run(minutes(5));
    expect(tab.engine.status.get()).toMatchObject({ kind: 'signed-out', waiting: 20 });
    const posts = world.posts;
    await world.run(minutes(10));
    expect(world.posts).toBe(posts);
    world.user = '7';
    tab.engine.kick('signed-in');
    await world.run(minutes(3));
    expectOneRowEach(world, 20);
  });

  it('#38 sign-in as another teacher: the first teacher’s marks are not sent', async () => {
    const world = new SyncWorld();
    world.user = '8';
    const tab = await sendOnce(world, 20);
    await world.run(minutes(20));
    expect(world.states()).toEqual({ QUEUED: 20 });
    expect(world.canvas.rows).toEqual([]);
    expect(tab.engine.status.get()).toMatchObject({ kind: 'signed-out', waiting: 20 });
  });

  it('#39 403 with the rate-limit text: throttle, neither UNKNOWN nor permission', async () => {
    const world = worldWith({ arriveMs: 'never', answer: throttled() }, { leg: 'upstream' });
    await sendOnce(world, 20);
    expect(world.states().UNKNOWN).toBeUndefined();
    expect(['throttle', 'open']).toContain(world.gate());
    await world.run(30_000);
    expectOneRowEach(world, 20);
  });

  it('#40 429 with Retry-After 30: no request on the account for 30 s', async () => {
    const answer: ModelAnswer = { status: 429, headers: { 'retry-after': '30' }, body: 'slow down' };
    const world = worldWith({ arriveMs: 'never', answer }, { leg: 'upstream' });
    const tab = await sendOnce(world, 20);
    const requests = world.network.hops.length;
    await world.tap(tab, { course: '12' as never, student: '101' });
    await world.run(28_000);
    expect(world.network.hops).toHaveLength(requests);
    expect(tab.engine.status.get()).toMatchObject({ kind: 'canvas-busy' });
    await world.run(10_000);
    expectOneRowEach(world, 21);
  });

  it('#41 403 in Canvas’ form: permission, QUEUED, other lanes go on', async () => {
    const world = new SyncWorld();
    world.canvas.intercept = (request, handle) =>
      request.method === 'POST' &&
      request.path.startsWith('/api/v1/courses/11/') &&
      request.path.endsWith('/results')
        ? forbidden()
        : handle();
    const tab = await sendOnce(world, 10);
    await world.tap(tab, { course: '12' as never, student: '101' });
    await world.run(minutes(5));
    expect(world.states()).toEqual({ QUEUED: 10, CONFIRMED: 1 });
    expect(world.gate()).toBe('permission');
    expect(tab.engine.status.get()).toMatchObject({ kind: 'needs-you', needsYou: 1, waiting: 10 });
    world.canvas.intercept = undefined;
    await world.run(minutes(61));
    expectOneRowEach(world, 11);
  });

  it('#43 404: missing; the teacher chooses, nothing is lost', async () => {
    const world = worldWith({ arriveMs: 'never', answer: missing() }, { leg: 'upstream' });
    const tab = await sendOnce(world, 10);
    await world.run(minutes(120));
    expect(world.gate()).toBe('missing');
    expect(world.states()).toEqual({ QUEUED: 10 });
    await tab.engine.retryLane(world.marks()[0]!.lane);
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
  });

  it.each([403, 404])('#44 %i as HTML: UNKNOWN, unreachable; one row later', async (status) => {
    const world = worldWith({ arriveMs: 'never', answer: html(status) });
    await sendOnce(world, 10);
    expect(world.states()).toEqual({ UNKNOWN: 10 });
    await world.run(minutes(5));
    expectOneRowEach(world, 10);
  });

  it('#45 409: UNKNOWN; a read decides', async () => {
    const conflict: ModelAnswer = { ...serverError(), status: 409 };
    const world = worldWith({ answer: conflict }, { leg: 'upstream' });
    await sendOnce(world, 10);
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
    expect(world.posts).toBe(1);
  });

  it('#46 413: limit 10, both halves sent, limit kept', async () => {
    const world = new SyncWorld();
    world.canvas.mood.maxBatch = 12;
    const tab = await sendOnce(world, 20);
    await world.run(minutes(1));
    expectOneRowEach(world, 20);
    expect([...world.disk.lanes.values()][0]?.batchLimit).toBe(10);
    const posts = world.posts;
    await world.tapClass(tab, 20);
    await world.run(minutes(1));
    expectOneRowEach(world, 40);
    expect(world.posts).toBe(posts + 2);
  });

  it('#47 the gateway’s own CSRF refusal: not sent, the session is asked for, then one row', async () => {
    const world = new SyncWorld();
    refuseForCsrf(world, 1);
    await sendOnce(world, 20);
    expect(world.states()).toEqual({ QUEUED: 20 });
    expect(world.gate()).toBe('auth');
    await world.run(minutes(1));
    expectOneRowEach(world, 20);
  });

  it('#47 refused again and again: auth, tried ever more seldom, nothing REJECTED', async () => {
    const world = new SyncWorld();
    refuseForCsrf(world, Infinity);
    await sendOnce(world, 20);
    await world.run(minutes(30));
    expect(world.states()).toEqual({ QUEUED: 20 });
    expect(world.gate()).toBe('auth');
    expect(world.posts).toBeLessThan(30);
  });

  it('#48 the browser repeats the request itself: the gateway answers from memory', async () => {
    const world = worldWith({ copies: 2 });
    await sendOnce(world, 10);
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
  });

  it('#48 without a gateway: at most two rows, and the surplus stands on its mark', async () => {
    const world = worldWith({ copies: 2 }, { gateway: false });
    await sendOnce(world, 10);
    await world.run(minutes(5));
    expect(world.states()).toEqual({ CONFIRMED: 10 });
    expect(world.rowsPerMark()).toEqual(Array(10).fill(2));
    expect(world.marks().every((mark) => mark.duplicateRowIds?.length === 1)).toBe(true);
  });

  it('#75 attempt lost before the gateway: vouched for, QUEUED without SETTLE', async () => {
    const world = worldWith({ arriveMs: 'never', failMs: 100 });
    await sendOnce(world, 10);
    await world.run(20_000);
    expectOneRowEach(world, 10);
    expect(world.posts).toBe(2);
  });

  it('#75 attempt late before the gateway: its id is barred, the late one refused', async () => {
    const world = worldWith({ arriveMs: 40_000, failMs: 100 });
    await sendOnce(world, 10);
    await world.run(minutes(5));
    expectOneRowEach(world, 10);
  });

  it('#76 gateway lost its memory: inquiry unknown, SETTLE', async () => {
    const world = worldWith({ arriveMs: 'never', failMs: 100 });
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(50);
    world.attempts.lose();
    await world.run(100_000);
    expect(world.states()).toEqual({ UNKNOWN: 10 });
    await world.run(60_000);
    expectOneRowEach(world, 10);
  });

  it('#76 gateway lost its memory: a late attempt is refused', async () => {
    const world = worldWith({ arriveMs: 20_000 });
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(10_000);
    world.attempts.lose();
    await world.run(minutes(2));
    expectOneRowEach(world, 10);
    expect(world.canvas.rows).toHaveLength(10);
  });
});
