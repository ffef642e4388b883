import { describe, expect, it, vi } from 'vitest';
import { withdraw } from '#store/marks/withdraw.ts';
import type { Fate, Hop } from '#testing/model-network.ts';
import { SyncWorld, worldStartMs, type Tab } from '#testing/sync-world.ts';
import { settleMs } from './parameters.ts';

const minutes = (n: number) => n * 60_000;

function expectOneRowEach(world: SyncWorld, count: number) {
  expect(world.states()).toEqual({ CONFIRMED: count });
  expect(world.rowsPerMark()).toEqual(Array<number>(count).fill(1));
  expect(world.canvas.rows).toHaveLength(count);
}

const isFirstPost = (hop: Hop) => hop.kind === 'post' && hop.leg === 'device' && hop.n === 1;

/** A world whose first POST has a fate, without the gateway's help unless asked for. */
function worldWith(fate: Fate, gateway = false): SyncWorld {
  const world = new SyncWorld({ gateway });
  world.network.plan = (hop) => (isFirstPost(hop) ? fate : undefined);
  return world;
}

const has = (world: SyncWorld, state: string) => world.marks().some((mark) => mark.state === state);

describe('kills', { timeout: 60_000 }, () => {
  it('#1 app killed before the creating transaction completes: no mark, and nobody hears of one', async () => {
    const world = new SyncWorld();
    const tab = world.open({ fate: () => 'crash-before' });
    const saved = vi.fn();
    void world.tap(tab).then(saved);
    await world.run(1_000);
    tab.kill();
    world.open();
    await world.run(minutes(5));
    expect(saved).not.toHaveBeenCalled();
    expect(world.marks()).toEqual([]);
    expect(world.canvas.rows).toEqual([]);
  });

  it('#2 app killed right after the mark is saved: it is there at restart, one row', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    await world.tapClass(tab, 3, { holdMs: 60_000 });
    tab.kill();
    world.open();
    await world.run(minutes(3));
    expectOneRowEach(world, 3);
  });

  it('#11 app killed while a batch is planned and read: nothing sent, resumes', async () => {
    const world = new SyncWorld();
    world.network.plan = (hop) => (hop.kind === 'read' && hop.n === 1 ? { arriveMs: 5_000 } : undefined);
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(2_000);
    tab.kill();
    expect(world.states()).toEqual({ QUEUED: 10 });
    world.open();
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
    expect(world.posts).toBe(1);
  });

  it('#12 app killed, armed, fetch not called: UNKNOWN, SETTLE, absent, sent again', async () => {
    const world = new SyncWorld({ gateway: false });
    const isArming = () => [...world.disk.attempts.values()].length === 1;
    let armed = false;
    const tab = world.open({
      fate: () => {
        if (armed || !isArming()) return 'commit';
        armed = true;
        return 'crash-after';
      },
    });
    await world.tapClass(tab, 10);
    await world.run(1_000);
    expect(world.states()).toEqual({ INFLIGHT: 10 });
    expect(world.posts).toBe(0);
    tab.kill();
    world.open();
    await world.run(settleMs - 10_000);
    expect(world.states()).toEqual({ UNKNOWN: 10 });
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
  });

  it.each<[string, Fate, number]>([
    ['#13 request under way, never arrives', { arriveMs: 'never' }, 2],
    ['#14 committed, answer under way', { answerMs: 10_000 }, 1],
    ['#16 request held on its way, commits within SETTLE', { arriveMs: 60_000 }, 1],
    ['#19 connection reset, half of the body sent', { arriveMs: 'never', failMs: 50 }, 2],
  ])('app killed: %s: one row', async (_name, fate, posts) => {
    const world = worldWith(fate);
    const tab = world.open();
    await world.tapClass(tab, 10);
    await world.run(2_000);
    tab.kill();
    world.open();
    await world.run(minutes(5));
    expectOneRowEach(world, 10);
    expect(world.posts).toBe(posts);
  });

  it('#15 app killed, answer read, end not written: found by read, no second POST', async () => {
    const world = new SyncWorld({ gateway: false });
    const tab = world.open({
      fate: () => (world.canvas.rows.length > 0 && has(world, 'CONFIRMED') ? 'crash-before' : 'commit'),
    });
    await world.tapClass(tab, 10);
    await world.run(2_000);
    tab.kill();
    expect(world.states()).toEqual({ INFLIGHT: 10 });
    world.open();
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
    expect(world.posts).toBe(1);
  });

  it('#17 request held on its way, commits after SETTLE: at most two rows, the surplus shown (R1)', async () => {
    const world = worldWith({ arriveMs: minutes(4) });
    const tab = world.open();
    await world.tapClass(tab, 5);
    await world.run(2_000);
    tab.kill();
    world.open();
    await world.run(minutes(30));
    expect(world.states()).toEqual({ CONFIRMED: 5 });
    expect(world.rowsPerMark()).toEqual([2, 2, 2, 2, 2]);
    // The audit came before the late commit: the next read of these students finds it.
    const again = world.open();
    await world.tapClass(again, 5, { passed: false });
    await world.run(minutes(10));
    const surplus = world.marks().filter((mark) => mark.duplicateRowIds?.length === 1);
    expect(surplus).toHaveLength(5);
  });

  it('#60 service worker killed in mid-attempt: as a page', async () => {
    const world = worldWith({ answerMs: 30_000 }, true);
    const page = world.open();
    await world.tapClass(page, 10, { holdMs: 1_000 });
    page.kill();
    const worker = world.wake();
    await world.run(3_000);
    expect(world.states()).toEqual({ INFLIGHT: 10 });
    worker.kill();
    world.open();
    await world.run(minutes(3));
    expectOneRowEach(world, 10);
    expect(world.posts).toBe(1);
  });
});

describe('several tabs', { timeout: 60_000 }, () => {
  it('#55 two tabs both online: one sender, one row', async () => {
    const world = new SyncWorld();
    const [a, b] = [world.open(), world.open()];
    await world.tapClass(a, 10);
    await world.tapClass(b, 10, { passed: false });
    await world.run(minutes(3));
    expectOneRowEach(world, 20);
    expect([a.engine.status.get().kind, b.engine.status.get().kind]).toContain('all-in-canvas');
  });

  it('#55 page and service worker both online: one sender, one row', async () => {
    const world = new SyncWorld();
    const page = world.open();
    world.wake();
    await world.tapClass(page, 10);
    await world.run(1);
    page.hide();
    world.wake();
    await world.run(500);
    page.show();
    await world.tapClass(page, 10, { passed: false });
    world.wake();
    await world.run(minutes(3));
    expectOneRowEach(world, 20);
  });

  it('tells in the other tab that another tab sends', async () => {
    const world = new SyncWorld();
    world.open();
    await world.run(100);
    const other = world.open();
    await world.tap(other, { holdMs: null });
    await world.run(1_000);
    expect(other.engine.status.get()).toMatchObject({ kind: 'other-tab', waiting: 1 });
    await other.engine.sendNow();
    await world.run(2_000);
    expectOneRowEach(world, 1);
  });

  it('#56 sender frozen with the lock, nothing armed: a visible tab takes over, new epoch', async () => {
    const world = new SyncWorld();
    const a = world.open();
    await world.run(1_000);
    const epoch = world.disk.meta.epoch;
    a.freeze();
    const b = world.open();
    await world.tapClass(b, 10);
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
    expect(world.disk.meta.epoch).toBeGreaterThan(epoch);
    a.thaw();
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
  });

  it('#57 sender frozen between arm and fetch, thaws after the take-over: not sent by it, one row', async () => {
    const world = new SyncWorld();
    const frozen: { tab?: Tab; resume?: () => void } = {};
    const a = world.open({
      complete: (mode) => {
        if (mode === 'read' || frozen.resume !== undefined || !has(world, 'INFLIGHT')) return undefined;
        a.freeze();
        return new Promise((resolve) => {
          frozen.resume = resolve;
        });
      },
    });
    await world.tapClass(a, 10);
    await world.run(1_000);
    expect(world.states()).toEqual({ INFLIGHT: 10 });
    const b = world.open();
    await world.run(10_000);
    const posts = world.posts;
    a.thaw();
    frozen.resume?.();
    await world.run(1_000);
    expect(world.posts).toBe(posts);
    await world.run(minutes(4));
    expectOneRowEach(world, 10);
    expect(b.reports).toEqual([]);
  });

  it('#58 sender frozen after fetch, answer read at thaw: its write fails, the new sender’s read confirms', async () => {
    const world = worldWith({ answerMs: 1_000 });
    const a = world.open();
    await world.tapClass(a, 10);
    await world.run(500);
    a.freeze();
    const b = world.open();
    await world.run(20_000);
    expectOneRowEach(world, 10);
    a.thaw();
    await world.run(minutes(4));
    expectOneRowEach(world, 10);
    expect([...a.reports, ...b.reports]).toEqual([]);
  });

  it('#59 lock lost in mid-cycle: stops, no POST by the old epoch', async () => {
    const world = new SyncWorld();
    world.network.plan = (hop) => (hop.kind === 'read' && hop.n === 1 ? { arriveMs: 3_000 } : undefined);
    const a = world.open();
    await world.tapClass(a, 10);
    await world.run(1_000);
    a.hide();
    world.lock.takeFromHolder();
    await world.run(minutes(1));
    expect(world.posts).toBe(0);
    a.show();
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
  });

  it('#72 page hidden: starts nothing, gives the lock up, resumes when visible', async () => {
    const world = new SyncWorld();
    const a = world.open();
    await world.run(1_000);
    a.hide();
    await world.run(100);
    await world.tapClass(a, 10);
    await world.run(minutes(10));
    expect(world.states()).toEqual({ HELD: 10 });
    const b = world.open();
    b.hide();
    await world.run(minutes(1));
    expect(world.posts).toBe(0);
    a.show();
    await world.run(minutes(1));
    expectOneRowEach(world, 10);
  });

  it('#72 page hidden in mid-attempt: the attempt is seen through', async () => {
    const world = worldWith({ answerMs: 5_000 });
    const a = world.open();
    await world.tapClass(a, 10);
    await world.run(1_000);
    a.hide();
    await world.run(10_000);
    expectOneRowEach(world, 10);
  });
});

describe('undo, clock and life', { timeout: 60_000 }, () => {
  it('#8 undo at any moment of a batch’s life: withdrawn without a row, or one row', async () => {
    for (let n = 1; n < 60; n += 1) {
      const world = new SyncWorld();
      const tab = world.open();
      const [mark] = await world.tapClass(tab, 3);
      for (let step = 0; step < n; step += 1) await world.time.step();
      await withdraw(tab.store, [mark!.seq], tab.clock.wallMs());
      await world.run(minutes(5));
      const states = world.states();
      const rows = world.rowsPerMark();
      if (states.WITHDRAWN === 1) expect(rows).toEqual([0, 1, 1]);
      else expectOneRowEach(world, 3);
      expect(tab.reports).toEqual([]);
    }
  });

  it.each([3_600_000, -3_600_000, 86_400_000])(
    '#71 wall clock jumps by %i ms during SETTLE: no early absence, one row',
    async (jump) => {
      const world = worldWith({ arriveMs: 60_000, failMs: 100 });
      const tab = world.open();
      await world.tapClass(tab, 5);
      await world.run(10_000);
      tab.clock.wallOffsetMs += jump;
      await world.run(40_000);
      expect(world.states()).toEqual({ UNKNOWN: 5 });
      await world.run(minutes(5));
      expectOneRowEach(world, 5);
      expect(world.posts).toBe(1);
    },
  );

  it('#9 device clock a day fast: the offset is learnt from the server, later marks have the true time', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    tab.clock.wallOffsetMs += 86_400_000;
    await world.run(1_000);
    const mark = await world.tap(tab);
    expect(Math.abs(Date.parse(mark.assessedAt) - worldStartMs)).toBeLessThan(5_000);
    await world.run(minutes(1));
    expectOneRowEach(world, 1);
  });

  it('#70 offline for 60 days: nothing expires, one attempt at a time, one row each', async () => {
    const world = new SyncWorld();
    let offline = true;
    world.network.plan = (hop) =>
      offline && hop.leg === 'device' ? { arriveMs: 'never', failMs: 10 } : undefined;
    const tab = world.open();
    for (let n = 0; n < 600; n += 1) await world.save(tab, { student: String(101 + (n % 30)) });
    await world.run(24 * minutes(60));
    tab.hide();
    await world.run(59 * 24 * minutes(60));
    tab.show();
    await world.run(minutes(1));
    expect(world.states()).toEqual({ QUEUED: 600 });
    expect(tab.engine.status.get()).toMatchObject({ kind: 'no-network', waiting: 600 });
    offline = false;
    tab.engine.kick('online');
    await world.run(minutes(1));
    expectOneRowEach(world, 600);
    expect(world.posts).toBe(6);
  });

  it('#61 new version accepted, attempt armed: its end is waited for, and a new start goes on', async () => {
    const world = worldWith({ answerMs: 5_000 });
    const tab = world.open();
    await world.tapClass(tab, 5);
    await world.run(1_000);
    expect(tab.engine.isBusy()).toBe(true);
    let stopped = false;
    void tab.engine.stop().then(() => {
      stopped = true;
    });
    await world.run(1_000);
    expect(stopped).toBe(false);
    await world.run(10_000);
    expect(stopped).toBe(true);
    expectOneRowEach(world, 5);
    const requests = world.network.hops.length;
    await world.tap(tab, { student: '120' });
    await world.run(minutes(10));
    expect(world.network.hops).toHaveLength(requests);
    world.open();
    await world.run(minutes(1));
    expectOneRowEach(world, 6);
  });

  it('#3 storage full while sending: storage-failed, and all goes on once it takes something again', async () => {
    const world = new SyncWorld();
    let full = false;
    const tab = world.open({ fate: () => (full ? 'fail' : 'commit') });
    await world.tapClass(tab, 5, { holdMs: 30_000 });
    await world.run(1_000);
    full = true;
    await world.run(minutes(2));
    expect(tab.engine.status.get()).toMatchObject({ kind: 'storage-failed', waiting: 5 });
    full = false;
    await world.run(minutes(10));
    expectOneRowEach(world, 5);
  });

  it('resends what an older epoch was refused for after a backup was restored', async () => {
    const world = new SyncWorld();
    const first = world.open();
    await world.run(1_000);
    const backup = world.disk.snapshot();
    for (let n = 0; n < 40; n += 1) {
      first.hide();
      await world.run(2_000);
      first.show();
      await world.run(2_000);
    }
    await world.tap(first);
    await world.run(minutes(1));
    await first.engine.stop();
    first.kill();
    world.disk.restore(backup);
    const second = world.open();
    await world.tap(second, { student: '120' });
    await world.run(minutes(5));
    expect(world.states()).toEqual({ CONFIRMED: 1 });
    expect(world.rowsPerMark()).toEqual([1]);
  });

  it('reaches a mark’s attempt only after its record is on the disk', async () => {
    const world = new SyncWorld();
    let armedBefore = -1;
    world.network.plan = (hop) => {
      if (isFirstPost(hop))
        armedBefore = [...world.disk.attempts.values()].filter((a) => a.phase === 'armed').length;
      return undefined;
    };
    const tab = world.open();
    await world.tapClass(tab, 3);
    await world.run(1_000);
    expect(armedBefore).toBe(1);
  });
});
