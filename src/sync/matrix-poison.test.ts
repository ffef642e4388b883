import { describe, expect, it } from 'vitest';
import { badRequest } from '#testing/model-canvas.ts';
import { SyncWorld } from '#testing/sync-world.ts';

const minutes = (n: number) => n * 60_000;

/** A world in which these students have left the course. */
function worldWithout(...gone: number[]): SyncWorld {
  const world = new SyncWorld();
  const stay = Array.from({ length: 30 }, (_, n) => 101 + n).filter((id) => !gone.includes(id));
  world.canvas.enrol('11', stay.map(String));
  return world;
}

const studentsIn = (world: SyncWorld, state: string) =>
  world
    .marks()
    .filter((mark) => mark.state === state)
    .map((mark) => Number(mark.student));

describe('poison isolation', { timeout: 60_000 }, () => {
  it('#33 400, one student left the course: that mark rejected alone, 19 with one row', async () => {
    const world = worldWithout(105);
    const tab = world.open();
    await world.tapClass(tab, 20);
    await world.run(minutes(5));
    expect(world.states()).toEqual({ CONFIRMED: 19, REJECTED: 1 });
    expect(studentsIn(world, 'REJECTED')).toEqual([105]);
    expect(world.canvas.rows).toHaveLength(19);
    expect(tab.engine.status.get()).toMatchObject({ kind: 'needs-you', needsYou: 1, waiting: 0 });
    expect(world.marks().find((mark) => mark.state === 'REJECTED')?.reason).toBe(
      'user must be in the context',
    );
    expect(tab.reports).toEqual([]);
  });

  it('#34 400 for several marks: exactly those rejected, POST count within the bound', async () => {
    const gone = [103, 110, 111, 118];
    const world = worldWithout(...gone);
    const tab = world.open();
    await world.tapClass(tab, 20);
    await world.run(minutes(10));
    expect(studentsIn(world, 'REJECTED')).toEqual(gone);
    expect(world.states()).toEqual({ CONFIRMED: 16, REJECTED: 4 });
    const bound = 2 * gone.length * (Math.log2(20 / gone.length) + 1);
    expect(world.posts).toBeLessThanOrEqual(Math.ceil(bound));
  });

  it('#34 the bound holds too when the roster cannot be read', async () => {
    const world = worldWithout(103, 118);
    world.network.plan = (hop) =>
      hop.kind === 'roster' && hop.leg === 'device' ? { arriveMs: 'never', failMs: 10 } : undefined;
    const tab = world.open();
    await world.tapClass(tab, 20);
    await world.run(minutes(10));
    expect(studentsIn(world, 'REJECTED')).toEqual([103, 118]);
    expect(world.posts).toBeLessThanOrEqual(Math.ceil(4 * (Math.log2(10) + 1)));
  });

  it('#35 400 for everything: three single refusals, systemic, all stay queued', async () => {
    const world = new SyncWorld();
    world.canvas.intercept = (request, handle) =>
      request.method === 'POST' && request.path.endsWith('/results') ? badRequest('no') : handle();
    const tab = world.open();
    await world.tapClass(tab, 20);
    await world.run(minutes(60));
    expect(world.states()).toEqual({ QUEUED: 20 });
    expect(world.gate()).toBe('systemic');
    expect(tab.engine.status.get()).toMatchObject({ kind: 'needs-you', waiting: 20 });
    world.canvas.intercept = undefined;
    await tab.engine.retryLane(world.marks()[0]!.lane);
    await world.run(minutes(5));
    expect(world.states()).toEqual({ CONFIRMED: 20 });
  });

  it('#24 500 for ever because of one mark: 19 with one row, the one shown', async () => {
    const world = new SyncWorld();
    world.canvas.mood.poison.add('107');
    const tab = world.open();
    await world.tapClass(tab, 20);
    await world.run(minutes(180));
    expect(world.states()).toEqual({ CONFIRMED: 19, REJECTED: 1 });
    expect(studentsIn(world, 'REJECTED')).toEqual([107]);
    expect(world.rowsPerMark().filter((rows) => rows === 1)).toHaveLength(19);
    expect(tab.engine.status.get()).toMatchObject({ kind: 'needs-you' });
  });

  it('#24 500 for ever for the only mark there is: behind systemic, nothing rejected', async () => {
    const world = new SyncWorld();
    world.canvas.mood.poison.add('101');
    const tab = world.open();
    await world.tap(tab);
    await world.run(minutes(60));
    expect(world.states()).toEqual({ QUEUED: 1 });
    expect(world.gate()).toBe('systemic');
  });

  it('#36 app killed during the split: no mark in two open batches, one row each', async () => {
    for (let commit = 1; commit < 40; commit += 1) {
      const world = worldWithout(105);
      let writes = 0;
      const tab = world.open({ fate: () => ((writes += 1) === commit ? 'crash-after' : 'commit') });
      const tapping = world.tapClass(tab, 20).catch(() => undefined);
      await world.run(minutes(1));
      void tapping;
      tab.kill();
      const open = [...world.disk.batches.values()].filter((batch) => batch.state !== 'closed');
      const inOpen = open.flatMap((batch) => batch.marks);
      expect(new Set(inOpen).size).toBe(inOpen.length);
      const again = world.open();
      await world.run(minutes(10));
      expect(studentsIn(world, 'CONFIRMED').length + studentsIn(world, 'REJECTED').length).toBe(
        world.marks().length,
      );
      expect(world.canvas.rows).toHaveLength(studentsIn(world, 'CONFIRMED').length);
      expect(again.reports).toEqual([]);
    }
  });
});
