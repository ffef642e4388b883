import { describe, expect, it, vi } from 'vitest';
import type { AssessmentKey } from '#domain/ids.ts';
import { withdraw } from '#store/marks/withdraw.ts';
import type { Hop } from '#testing/model-network.ts';
import type { SyncTx } from '#store/port.ts';
import { SyncWorld, type Tab } from '#testing/sync-world.ts';

const seconds = (n: number) => n * 1_000;
const keyOf = (lane: number) => `2026-11-23,outcome_${lane}` as AssessmentKey;

/** A tab with marks in each of some lanes, none of which is in Canvas yet. Nothing is sent yet. */
async function backlog(lanes: number, marks: number): Promise<{ world: SyncWorld; tab: Tab }> {
  const world = new SyncWorld();
  const tab = world.open();
  tab.hide();
  await world.run(seconds(1));
  for (let lane = 0; lane < lanes; lane += 1) {
    for (let n = 0; n < marks; n += 1)
      await world.save(tab, { student: String(101 + (n % 30)), key: keyOf(lane) });
  }
  return { world, tab };
}

/** Which requests of the device were under way when each left. */
function underWay(world: SyncWorld): Map<Hop, readonly string[]> {
  const pending = new Set<Hop>();
  const beside = new Map<Hop, readonly string[]>();
  const planned = world.network.plan;
  world.network.plan = (hop) => {
    if (hop.leg === 'device') {
      beside.set(
        hop,
        [...pending].map(({ kind }) => kind),
      );
      pending.add(hop);
    }
    return planned(hop);
  };
  world.network.onAnswer = (hop) => pending.delete(hop);
  return beside;
}

/** How often the store was asked for more than one waiting mark of a lane. */
function readsOfWaiting({ store }: Tab): { count: number } {
  const reads = { count: 0 };
  const read = store.read.bind(store);
  const counting = (tx: SyncTx): SyncTx => ({
    ...tx,
    marks: {
      ...tx.marks,
      byLaneAndState: (lane, state, limit) => {
        if (state === 'QUEUED' && limit !== 1) reads.count += 1;
        return tx.marks.byLaneAndState(lane, state, limit);
      },
    },
  });
  vi.spyOn(store, 'read').mockImplementation((work) => read((tx) => work(counting(tx))));
  return reads;
}

const refusal = { status: 403, headers: { 'content-type': 'application/json' }, body: '{"status":"no"}' };

const rowsEach = (world: SyncWorld) => new Set(world.rowsPerMark());

describe('looking ahead', () => {
  it('finds and reads a lane while the POST of another is under way, and posts one at a time', async () => {
    const { world, tab } = await backlog(10, 20);
    world.network.plan = () => ({ answerMs: 100 });
    const beside = underWay(world);
    tab.show();
    await world.run(seconds(60));
    expect(rowsEach(world)).toEqual(new Set([1]));
    const those = (kind: string) => [...beside].filter(([hop]) => hop.kind === kind);
    expect(those('create').filter(([, others]) => others.includes('post')).length).toBeGreaterThan(4);
    expect(those('post').filter(([, others]) => others.includes('post'))).toEqual([]);
    expect(Math.max(...[...beside.values()].map((others) => others.length))).toBe(2);
    expect([those('create').length, those('read').length, world.posts]).toEqual([10, 10, 10]);
    expect(tab.reports).toEqual([]);
  });

  it.each([
    ['250 marks each', 250],
    ['one batch each', 30],
  ])(
    'forty lanes of %s take little longer than their POSTs alone, however far Canvas is',
    async (_, marks) => {
      const { world, tab } = await backlog(40, marks);
      const answerMs = 400;
      const waiting = readsOfWaiting(tab);
      world.network.plan = ({ leg }) => (leg === 'device' ? { answerMs } : undefined);
      tab.show();
      const began = world.time.now;
      while (world.states().CONFIRMED !== 40 * marks) await world.run(200);
      expect(rowsEach(world)).toEqual(new Set([1]));
      expect([world.network.sent('create'), world.network.sent('read')]).toEqual([40, 40]);
      // Before the lane is read; and in its turn, where nothing was planned beside the POST before it.
      expect(waiting.count).toBeLessThan(2.5 * 40);
      expect(world.posts).toBe(40 * Math.ceil(marks / 100));
      // In virtual time: the store's own work is the bench's matter.
      expect(world.time.now - began).toBeLessThan(1.5 * world.posts * answerMs);
    },
  );

  it('goes on with a lane that is ready while another is being prepared', async () => {
    const { world, tab } = await backlog(4, 20);
    for (let n = 0; n < 120; n += 1)
      await world.save(tab, { student: String(101 + (n % 20)), key: keyOf(0) });
    world.network.plan = (hop) => ({ answerMs: hop.kind === 'create' && hop.n > 1 ? 5_000 : 100 });
    tab.show();
    await world.run(seconds(40));
    const order = world.network.hops.filter(({ leg }) => leg === 'device').map(({ kind }) => kind);
    expect(order.slice(1, 8)).toEqual(['create', 'read', 'post', 'create', 'create', 'post', 'read']);
    expect(rowsEach(world)).toEqual(new Set([1]));
  });

  it('puts the next batch together meanwhile, and plans anew when a mark of it is undone', async () => {
    const { world, tab } = await backlog(2, 20);
    for (let n = 0; n < 120; n += 1)
      await world.save(tab, { student: String(101 + (n % 20)), key: keyOf(0) });
    world.network.plan = ({ leg }) => (leg === 'device' ? { answerMs: 1_000 } : undefined);
    tab.show();
    // The first lane's first batch is on its way, and its second one is planned.
    await world.run(seconds(3) + 500);
    expect([world.posts, tab.engine.isBusy()]).toEqual([1, true]);
    const waiting = world.marks().find((mark) => mark.assessmentKey === keyOf(0) && mark.state === 'QUEUED');
    await withdraw(tab.store, [waiting!.seq], tab.clock.wallMs());
    await world.run(seconds(1));
    expect(world.posts).toBe(2);
    await world.run(seconds(20));
    expect(world.states()).toEqual({ CONFIRMED: 159, WITHDRAWN: 1 });
    expect(world.posts).toBe(3);
  });

  it('goes by the store again when a mark that was known to wait is undone before its batch is planned', async () => {
    const { world, tab } = await backlog(1, 250);
    world.network.plan = ({ leg }) => (leg === 'device' ? { answerMs: 1_000 } : undefined);
    tab.show();
    await world.run(seconds(3) + 500);
    expect([world.posts, tab.engine.isBusy()]).toEqual([1, true]);
    const last = world.marks().findLast((mark) => mark.state === 'QUEUED');
    // Another tab's way: this one is not told.
    await withdraw(tab.store, [last!.seq], tab.clock.wallMs());
    await world.run(seconds(20));
    expect(world.states()).toEqual({ CONFIRMED: 249, WITHDRAWN: 1 });
    expect(world.posts).toBe(3);
    expect(tab.reports).toEqual([]);
  });

  it('sends the parts of a refused batch before what waited behind it', async () => {
    const { world, tab } = await backlog(1, 140);
    // One of the first batch has left; the list of who is there cannot be had, so that what is refused is halved.
    const stay = Array.from({ length: 29 }, (_, n) => String(102 + n));
    world.canvas.enrol('11', stay);
    world.network.plan = ({ leg, kind }) =>
      kind === 'roster' && leg === 'device' ? { arriveMs: 'never', failMs: 10 } : { answerMs: 100 };
    tab.show();
    await world.run(seconds(10));
    const posts = world.network.hops.filter(({ leg, kind }) => leg === 'device' && kind === 'post');
    const sizes = posts.map(({ body }) => (body ?? '').split('assessed_at').length - 1);
    expect(sizes.slice(0, 3)).toEqual([100, 50, 25]);
  });

  it('says how far a long lane has come, although its batches are planned by what is known to wait', async () => {
    const { world, tab } = await backlog(1, 1_500);
    world.network.plan = ({ leg }) => (leg === 'device' ? { answerMs: 1_000 } : undefined);
    tab.show();
    await world.run(seconds(12));
    const { waiting, confirmed } = tab.engine.status.get();
    expect(waiting + confirmed).toBe(1_500);
    expect(confirmed).toBeGreaterThan(300);
  });

  it('knows at once when a gate closes in the middle of a lane', async () => {
    const { world, tab } = await backlog(1, 250);
    world.network.plan = () => ({ answerMs: 100 });
    // Canvas wants a rest that lasts longer than a stamp is good for, and will not list the rows after it.
    world.canvas.intercept = (request, handle) => {
      const answer = handle();
      if (!request.path.includes('/results')) return answer;
      if (request.method === 'POST')
        return {
          ...answer,
          headers: { ...answer.headers, 'x-rate-limit-remaining': '0', 'retry-after': '15' },
        };
      return world.posts === 0 ? answer : { ...refusal, body: '{"status":"unauthorized"}' };
    };
    tab.show();
    await world.run(seconds(25));
    expect(world.posts).toBe(1);
    expect(world.gate()).toBe('no-readback');
    expect(tab.engine.status.get()).toMatchObject({ kind: 'needs-you', confirmed: 100, waiting: 150 });
  });

  it('sends nothing that was planned to a lane that is put off', async () => {
    const { world, tab } = await backlog(1, 140);
    world.network.plan = ({ leg, kind, n }) =>
      leg === 'device' ? { answerMs: 100 } : kind === 'post' && n === 1 ? { noConnection: true } : undefined;
    tab.show();
    // Found, read, sent and not accepted; without a wait the next would be on its way.
    await world.run(450);
    expect([world.posts, world.states()]).toEqual([1, { QUEUED: 140 }]);
    await world.run(seconds(10));
    expect(world.states()).toEqual({ CONFIRMED: 140 });
  });

  it('ends a hold-back in time that began while a POST was about to leave', async () => {
    const { world, tab } = await backlog(30, 5);
    world.network.plan = ({ leg, kind, n }) => {
      if (leg === 'upstream') return undefined;
      if (kind === 'create' && n === 1) void world.save(tab, { holdMs: seconds(2) });
      if (kind === 'post' && n === 1) tab.engine.kick('marks');
      return { answerMs: 200 };
    };
    tab.show();
    await world.run(seconds(3) + 500);
    expect(world.posts).toBeLessThan(20);
    expect(world.states().HELD).toBeUndefined();
    await world.run(seconds(20));
    expect(world.states()).toEqual({ CONFIRMED: 151 });
  });

  it('leaves the others alone when a lane cannot be prepared, and closes its gate', async () => {
    const { world, tab } = await backlog(4, 5);
    world.network.plan = () => ({ answerMs: 100 });
    world.canvas.intercept = (request, handle) => {
      const second = world.canvas.assessments.find((one) => one.key === keyOf(1));
      const isItsList = request.method === 'GET' && request.path.includes(`/${second?.id ?? '-'}/results`);
      return isItsList
        ? { status: 403, headers: { 'content-type': 'application/json' }, body: '{"status":"unauthorized"}' }
        : handle();
    };
    tab.show();
    await world.run(seconds(60));
    const lanes = [...world.disk.lanes.values()];
    expect(lanes.map(({ gate }) => gate).sort()).toEqual(['no-readback', 'open', 'open', 'open']);
    expect(world.states()).toEqual({ QUEUED: 5, CONFIRMED: 15 });
    expect(tab.reports).toEqual([]);
  });

  it('relies on nothing it has read once an attempt ended unknown: the lane is read again', async () => {
    const { world, tab } = await backlog(3, 5);
    // The first POST gets no answer, and the second lane is ready by the time that is known.
    world.network.plan = (hop) =>
      hop.kind === 'post' && hop.n === 1 ? { answer: 'lost', failMs: 2_000 } : { answerMs: 100 };
    tab.show();
    const second = world.canvas.assessments;
    const readsOfSecond = () =>
      world.network.hops.filter(
        ({ leg, kind, path }) => leg === 'device' && kind === 'read' && path.includes(`/${second[1]!.id}/`),
      ).length;
    await world.run(seconds(1) + 900);
    expect(readsOfSecond()).toBe(1);
    expect(world.posts).toBe(1);
    await world.run(seconds(10));
    expect(readsOfSecond()).toBe(2);
    await world.run(seconds(300));
    expect(rowsEach(world)).toEqual(new Set([1]));
    expect(tab.reports).toEqual([]);
  });

  it('takes no lane for read that had nothing to be read for', async () => {
    const { world, tab } = await backlog(2, 5);
    const ofSecond = world.marks().filter(({ assessmentKey }) => assessmentKey === keyOf(1));
    // Undone while the assessment is being made: then nobody is left whose rows could be read.
    world.network.plan = ({ leg, kind, n }) => {
      if (leg !== 'device') return undefined;
      if (kind === 'create' && n === 2) {
        const seqs = ofSecond.map(({ seq }) => seq);
        void withdraw(tab.store, seqs, tab.clock.wallMs());
      }
      return { answerMs: 100 };
    };
    tab.show();
    await world.run(seconds(3));
    expect(world.states()).toEqual({ CONFIRMED: 5, WITHDRAWN: 5 });
    // While the gateway's stamp is still good.
    await world.tap(tab, { student: '103', key: keyOf(1) });
    await world.run(seconds(10));
    expect(world.states()).toEqual({ CONFIRMED: 6, WITHDRAWN: 5 });
    const kinds = world.network.hops.filter(({ leg }) => leg === 'device').map(({ kind }) => kind);
    expect(kinds.slice(-2)).toEqual(['read', 'post']);
  });

  it.each([
    ['found', {}],
    ['refused', { answer: refusal }],
  ])('opens no gate that was closed while it prepared the lane, whose assessment is %s', async (_, how) => {
    const { world, tab } = await backlog(3, 5);
    // The answer to the first POST names somebody else; the second lane is still being prepared.
    world.network.plan = ({ leg, kind, n }) =>
      leg === 'upstream' && kind === 'create' && n === 2 ? { answerMs: 3_000, ...how } : { answerMs: 100 };
    world.canvas.intercept = (request, handle) => {
      const answer = handle();
      if (request.method !== 'POST' || !request.path.endsWith('/results')) return answer;
      return { ...answer, body: answer.body.replaceAll('"assessor":"7"', '"assessor":"8"') };
    };
    tab.show();
    await world.run(seconds(60));
    expect(world.posts).toBe(1);
    expect(new Set([...world.disk.lanes.values()].map(({ gate }) => gate))).toEqual(new Set(['identity']));
    expect(tab.reports).toEqual([]);
  });

  it('is over when the attempt beside it has ended in a tab that stops, and writes nothing afterwards', async () => {
    const { world, tab } = await backlog(2, 5);
    const slow = { create: 50_000, post: 2_000 };
    world.network.plan = ({ kind, n }) =>
      kind === 'post' || (kind === 'create' && n === 2) ? { answerMs: slow[kind] } : { answerMs: 100 };
    tab.show();
    await world.run(seconds(1));
    expect([world.network.sent('create'), world.posts, tab.engine.isBusy()]).toEqual([2, 1, true]);
    let stopped = false;
    void tab.engine.stop().then(() => (stopped = true));
    await world.run(seconds(5));
    expect([stopped, world.states()]).toEqual([true, { CONFIRMED: 5, QUEUED: 5 }]);
    const { commits } = world.disk;
    await world.run(seconds(120));
    expect(world.disk.commits).toBe(commits);
    expect(tab.reports).toEqual([]);
  });
});
