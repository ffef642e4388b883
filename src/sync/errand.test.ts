import { describe, expect, it } from 'vitest';
import { SyncWorld } from '#testing/sync-world.ts';

async function leftOf(world: SyncWorld, left: Promise<boolean>, ms: number): Promise<boolean | 'under way'> {
  const ended = left.then((value) => ({ value }));
  await world.run(ms);
  return (await Promise.race([ended, Promise.resolve({ value: 'under way' as const })])).value;
}

describe('the service worker as the sender', () => {
  it('sends what waits and ends: one row a mark', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    world.network.plan = () => ({ arriveMs: 'never', failMs: 5 });
    await world.tapClass(tab, 3);
    await world.run(1_000);
    tab.kill();

    world.network.plan = () => ({});
    const worker = world.wake();
    expect(await leftOf(world, worker.left, 130_000)).toBe(false);
    expect(world.states()).toEqual({ CONFIRMED: 3 });
    expect(world.rowsPerMark()).toEqual([1, 1, 1]);
    expect(worker.reports).toEqual([]);
  });

  it('waits for a hold-back that ends in time, and not for the end of a round', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    await world.save(tab, { student: '101', holdMs: 60_000 });
    await world.save(tab, { student: '102', holdMs: null });
    tab.kill();
    const worker = world.wake();
    expect(await leftOf(world, worker.left, 50_000)).toBe('under way');
    expect(await leftOf(world, worker.left, 20_000)).toBe(false);
    expect(world.states()).toEqual({ CONFIRMED: 1, HELD: 1 });
  });

  it('says that marks are left when the network stays away, and begins nothing beyond its time', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    world.network.plan = () => ({ arriveMs: 'never', failMs: 5 });
    await world.tapClass(tab, 2);
    tab.kill();
    const worker = world.wake({ longestMs: 60_000 });
    expect(await leftOf(world, worker.left, 61_000)).toBe(true);
    const sent = world.network.sent('read');
    await world.run(600_000);
    expect(world.network.sent('read')).toBe(sent);
  });

  it('leaves the sending to a page that has the lock', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    await world.run(100);
    const worker = world.wake();
    expect(await leftOf(world, worker.left, 0)).toBe(false);
    await world.tapClass(tab, 2);
    await world.run(5_000);
    expect(world.rowsPerMark()).toEqual([1, 1]);
  });

  it('makes room for a page that somebody looks at, after the attempt that is under way', async () => {
    const world = new SyncWorld();
    const first = world.open();
    await world.save(first, { student: '101' });
    await world.save(first, { student: '102', holdMs: 100_000 });
    first.kill();
    world.network.plan = ({ leg, kind }) => (leg === 'device' && kind === 'post' ? { answerMs: 9_000 } : {});
    const worker = world.wake();
    await world.run(500);
    expect(world.states()).toEqual({ INFLIGHT: 1, HELD: 1 });
    const tab = world.open();
    expect(await leftOf(world, worker.left, 7_000)).toBe('under way');
    expect(await leftOf(world, worker.left, 3_000)).toBe(true);
    await world.run(2_000);
    expect(tab.engine.status.get().kind).toBe('held');
    await world.run(120_000);
    expect(world.rowsPerMark()).toEqual([1, 1]);
  });

  it('sends while every page is hidden, and a page takes its place back when it is shown', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    await world.run(100);
    tab.hide();
    await world.run(100);
    await world.save(tab, { student: '101' });
    const worker = world.wake();
    expect(await leftOf(world, worker.left, 5_000)).toBe(false);
    expect(world.states()).toEqual({ CONFIRMED: 1 });
    tab.show();
    await world.run(2_000);
    await world.tap(tab, { student: '102' });
    await world.run(5_000);
    expect(world.rowsPerMark()).toEqual([1, 1]);
  });

  it('a hidden page does not stand in the queue either', async () => {
    const world = new SyncWorld();
    const first = world.open();
    await world.run(100);
    const second = world.open();
    await world.save(first, { holdMs: 60_000 });
    second.engine.kick('marks');
    await world.run(100);
    expect(second.engine.status.get().kind).toBe('other-tab');
    second.hide();
    await world.run(100);
    expect(second.engine.status.get().kind).toBe('held');
  });

  it('starts nothing more once the account is left', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    await world.save(tab, { holdMs: 60_000 });
    tab.kill();
    const stop = new AbortController();
    const worker = world.wake({ stop: stop.signal });
    await world.run(1_000);
    stop.abort();
    await leftOf(world, worker.left, 1_000);
    await world.run(200_000);
    expect(world.posts).toBe(0);
    expect(world.states()).toEqual({ HELD: 1 });
  });
});
