import { describe, expect, it } from 'vitest';
import type { AssessmentKey } from '#domain/ids.ts';
import { portalPage, throttled } from '#testing/model-canvas.ts';
import { SyncWorld } from '#testing/sync-world.ts';
import { settleMs } from './parameters.ts';

const minutes = (n: number) => n * 60_000;

function expectOneRowEach(world: SyncWorld, count: number) {
  expect(world.states()).toEqual({ CONFIRMED: count });
  expect(world.rowsPerMark()).toEqual(Array<number>(count).fill(1));
}

/** A world in which the first POST never arrives, so that a read has to say so. */
function worldWithLostPost(gateway = false): SyncWorld {
  const world = new SyncWorld({ gateway });
  world.network.plan = (hop) =>
    hop.kind === 'post' && hop.leg === 'device' && hop.n === 1
      ? { arriveMs: 'never', failMs: 100 }
      : undefined;
  return world;
}

describe('reading back', { timeout: 60_000 }, () => {
  it('#28 HTML in answer to a read: incomplete, nothing sent', async () => {
    const world = new SyncWorld();
    let filtered = true;
    world.network.plan = (hop) =>
      hop.kind === 'read' && hop.leg === 'device' && filtered
        ? { arriveMs: 'never', answer: portalPage() }
        : undefined;
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(minutes(5));
    expect(world.posts).toBe(0);
    expect(world.states()).toEqual({ QUEUED: 10 });
    filtered = false;
    await world.run(minutes(6));
    expectOneRowEach(world, 10);
  });

  it('#39 throttled on a read: throttle, not permission', async () => {
    const world = new SyncWorld();
    world.network.plan = (hop) =>
      hop.kind === 'read' && hop.leg === 'upstream' && hop.n === 1
        ? { arriveMs: 'never', answer: throttled() }
        : undefined;
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(30_000);
    expectOneRowEach(world, 10);
  });

  it('#42 list refused, create allowed: no-readback, nothing is sent', async () => {
    const world = new SyncWorld();
    world.canvas.mood.mayList = false;
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(minutes(30));
    expect(world.gate()).toBe('no-readback');
    expect(world.posts).toBe(0);
    expect(tab.engine.status.get()).toMatchObject({ kind: 'needs-you', waiting: 10 });
    world.canvas.mood.mayList = true;
    await world.run(minutes(31));
    expectOneRowEach(world, 10);
  });

  it.each([
    ['the device’s way', false, 'device'],
    ['the gateway’s way', true, 'upstream'],
  ] as const)(
    'an empty list that does not say how it goes on is nobody’s word, on %s: nothing is sent twice',
    async (_, gateway, leg) => {
      const world = new SyncWorld({ gateway });
      const headers = { 'content-type': 'application/json' };
      let forging = false;
      world.network.plan = (hop) => {
        if (hop.leg !== leg) return undefined;
        if (hop.kind === 'post' && hop.n === 1) {
          forging = true;
          return { answer: 'lost', failMs: 100 };
        }
        return hop.kind === 'read' && forging
          ? { answer: { status: 200, headers, body: '{"results":[]}' } }
          : undefined;
      };
      const tab = world.open();
      await world.tapClass(tab, 10);
      await world.run(minutes(10));
      expect(world.states()).toEqual({ UNKNOWN: 10 });
      forging = false;
      await world.run(minutes(40));
      expectOneRowEach(world, 10);
    },
  );

  it('the first page of a list that is left off for a shorter way confirms what it shows', async () => {
    const world = new SyncWorld();
    Object.assign(world.canvas.mood, { noCount: true, pageSize: 2 });
    world.network.plan = (hop) => {
      if (hop.kind === 'post') return { answer: 'lost', failMs: 100 };
      return hop.path.includes('user_id') ? { arriveMs: 'never', failMs: 10 } : undefined;
    };
    const tab = world.open();
    await world.tapClass(tab, 3);
    await world.run(minutes(1));
    expect(world.states()).toEqual({ CONFIRMED: 2, UNKNOWN: 1 });
  });

  it('#49 second page of a read fails: no absence, repeated', async () => {
    const world = worldWithLostPost();
    world.canvas.mood.pageSize = 3;
    const tab = world.open();
    await world.tapClass(tab, 10, { passed: false });
    await world.run(minutes(4));
    const lost = world.posts;
    await world.tapClass(tab, 10);
    let failing = true;
    const { plan } = world.network;
    world.network.plan = (hop) =>
      failing && hop.kind === 'read' && hop.path.includes('page=2')
        ? { arriveMs: 'never', failMs: 10 }
        : plan(hop);
    await world.run(minutes(5));
    expect(world.posts).toBe(lost);
    failing = false;
    await world.run(minutes(10));
    expectOneRowEach(world, 20);
  });

  it('#50 rows shift between pages: the count differs, nothing is sent on it', async () => {
    const world = new SyncWorld({ gateway: false });
    world.canvas.mood.pageSize = 3;
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(minutes(1));
    let shifts = 0;
    world.canvas.mood.shuffle = (rows) => {
      shifts += 1;
      return shifts % 2 === 0 ? [...rows].reverse() : rows;
    };
    const posts = world.posts;
    await world.tapClass(tab, 10);
    await world.run(minutes(2));
    world.canvas.mood.shuffle = undefined;
    await world.run(minutes(10));
    expectOneRowEach(world, 20);
    expect(world.posts).toBeGreaterThan(posts);
  });

  it('#51 count missing from the list: two equal passes', async () => {
    const world = new SyncWorld({ gateway: false });
    world.canvas.mood.noCount = true;
    world.canvas.mood.pageSize = 3;
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(minutes(1));
    await world.tapClass(tab, 10);
    await world.run(minutes(10));
    expectOneRowEach(world, 20);
  });

  it('#52 read served 30 s stale after an unknown end: absence only after SETTLE', async () => {
    const world = new SyncWorld();
    world.canvas.mood.lagMs = 30_000;
    world.network.plan = (hop) =>
      hop.kind === 'post' && hop.leg === 'device' && hop.n === 1 ? { answer: 'lost', failMs: 50 } : undefined;
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(minutes(6));
    expectOneRowEach(world, 10);
    expect(world.posts).toBe(1);
  });

  it('#53 some marks of one attempt present, some not: a second read after SETTLE decides', async () => {
    const world = worldWithLostPost();
    const tab = world.open();
    const marks = await world.tapClass(tab, 4);
    await world.run(30_000);
    const [first] = marks;
    // The same teacher has marked the same student in the same second on another device.
    world.canvas.handle({
      method: 'POST',
      path: `/api/v1/courses/11/live_assessments/${world.canvas.assessments[0]!.id}/results`,
      body: JSON.stringify({
        results: [{ passed: true, assessed_at: first!.assessedAt, links: { user: first!.student } }],
      }),
      user: '7',
    });
    await world.run(settleMs);
    expect(world.states()).toEqual({ CONFIRMED: 1, UNKNOWN: 3 });
    expect(world.posts).toBe(1);
    await world.run(settleMs + 60_000);
    expectOneRowEach(world, 4);
    expect(world.disk.log.some((entry) => entry.what.startsWith('anomaly'))).toBe(true);
  });

  it('#54 row with the same student and second and the other value: not matched, one row of our own', async () => {
    const world = worldWithLostPost();
    const tab = world.open();
    const [mark] = await world.tapClass(tab, 1);
    await world.run(1_000);
    world.canvas.handle({
      method: 'POST',
      path: `/api/v1/courses/11/live_assessments/${world.canvas.assessments[0]!.id}/results`,
      body: JSON.stringify({
        results: [{ passed: false, assessed_at: mark!.assessedAt, links: { user: mark!.student } }],
      }),
      user: '7',
    });
    await world.run(minutes(4));
    expectOneRowEach(world, 1);
    expect(world.canvas.rows).toHaveLength(2);
  });

  it('#66 old backup restored: read before send confirms, no POST', async () => {
    const world = new SyncWorld();
    const first = world.open();
    await world.tapClass(first, 10, { holdMs: 60_000 });
    const backup = world.disk.snapshot();
    await world.run(minutes(2));
    expectOneRowEach(world, 10);
    await first.engine.stop();
    first.kill();
    world.disk.restore(backup);
    const posts = world.posts;
    const second = world.open();
    await world.run(minutes(10));
    expectOneRowEach(world, 10);
    expect(world.posts).toBe(posts);
    await world.tap(second, { student: '120' });
    await world.run(minutes(5));
    expectOneRowEach(world, 11);
  });

  it('#73 assessment not yet in Canvas, answer to its creation lost: one assessment', async () => {
    const world = new SyncWorld();
    world.network.plan = (hop) =>
      hop.kind === 'create' && hop.n === 1 ? { answer: 'lost', failMs: 100 } : undefined;
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
    expect(world.canvas.assessments).toHaveLength(1);
  });

  it('keeps a lane unresolved, and asks again every hour, when its assessment may not be made', async () => {
    const world = new SyncWorld();
    world.canvas.mood.mayCreate = false;
    const tab = world.open();
    await world.tapClass(tab, 3);
    await world.run(minutes(59));
    expect(world.gate()).toBe('unresolved');
    expect(world.network.sent('create')).toBe(1);
    expect(tab.engine.status.get()).toMatchObject({ kind: 'needs-you', needsYou: 1, waiting: 3 });
    world.canvas.mood.mayCreate = true;
    await world.run(minutes(2));
    expectOneRowEach(world, 3);
  });

  it('#74 a new mark for a student whose earlier mark is UNKNOWN is sent meanwhile', async () => {
    const world = worldWithLostPost();
    const tab = world.open();
    await world.tap(tab);
    await world.run(10_000);
    await world.tap(tab, { passed: false });
    await world.run(20_000);
    expect(world.states()).toEqual({ UNKNOWN: 1, CONFIRMED: 1 });
    await world.run(minutes(3));
    expectOneRowEach(world, 2);
  });

  it('#78 5,600 fresh marks in 40 lanes: one read a lane, then one POST for every 100 marks', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    tab.hide();
    await world.run(1_000);
    for (let lane = 0; lane < 40; lane += 1) {
      const key = `2026-11-23,outcome_${100 + lane}` as AssessmentKey;
      for (let n = 0; n < 140; n += 1) await world.save(tab, { student: String(101 + (n % 30)), key });
    }
    tab.show();
    await world.run(minutes(1));
    expectOneRowEach(world, 5_600);
    expect(world.network.sent('read')).toBe(40);
    expect(world.posts).toBe(80);
  });

  it('refuses an endless chain of pages, and sends nothing on it', async () => {
    const world = new SyncWorld();
    let page = 1;
    world.canvas.intercept = (request, handle) => {
      const answer = handle();
      if (request.method !== 'GET' || !request.path.includes('/results')) return answer;
      page += 1;
      const next = `https://tapmark.test${request.path.split('?')[0]!}?page=${page}`;
      return { ...answer, body: JSON.stringify({ results: [], meta: { pagination: { next } } }) };
    };
    const tab = world.open();
    await world.tapClass(tab, 3);
    await world.run(20_000);
    expect(world.posts).toBe(0);
    world.canvas.intercept = undefined;
    await world.run(minutes(10));
    expectOneRowEach(world, 3);
  });
});
