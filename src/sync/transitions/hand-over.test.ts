import { describe, expect, it } from 'vitest';
import type { BatchId } from '#domain/ids.ts';
import { SyncWorld, type Tab } from '#testing/sync-world.ts';
import { handOver, takeOverMarks, type FileMark } from './hand-over.ts';

const minutes = (n: number) => n * 60_000;
let batches = 0;
const newBatch = () => `taken-${(batches += 1)}` as BatchId;

/** A world whose network is off, with marks that wait. */
async function offline(count: number): Promise<{ world: SyncWorld; tab: Tab }> {
  const world = new SyncWorld();
  world.network.plan = () => ({ arriveMs: 'never', failMs: 1 });
  const tab = world.open();
  await world.tapClass(tab, count);
  await world.run(1_000);
  return { world, tab };
}

const fileOf = (world: SyncWorld): FileMark[] =>
  world.marks().map((mark) => ({ ...mark, state: mark.state === 'UNKNOWN' ? 'UNKNOWN' : 'QUEUED' }));
const writeFile = (world: SyncWorld, tab: Tab) =>
  tab.store.write((tx) =>
    handOver(tx, { seqs: world.marks().map(({ seq }) => seq), fileId: 'file-1', at: 1 }),
  );
const take = (tab: Tab, marks: readonly FileMark[]) =>
  tab.store.write((tx) => takeOverMarks(tx, { marks, fileId: 'file-1', at: 2, newBatch }));

describe('a rescue file', () => {
  it('#68 taken over, origin comes back online: the origin does not send, one row', async () => {
    const { world, tab } = await offline(5);
    const file = fileOf(world);
    await writeFile(world, tab);
    expect(world.states()).toEqual({ HANDED_OVER: 5 });
    const other = new SyncWorld();
    const there = other.open();
    expect((await take(there, file)).taken).toHaveLength(5);
    there.engine.kick('marks');
    world.network.plan = () => undefined;
    tab.engine.kick('online');
    await world.run(minutes(10));
    await other.run(minutes(10));
    expect(world.canvas.rows).toEqual([]);
    expect(other.rowsPerMark()).toEqual([1, 1, 1, 1, 1]);
  });

  it('#69 taken over on two devices, an hour apart: the second finds the rows', async () => {
    const { world, tab } = await offline(5);
    const file = fileOf(world);
    await writeFile(world, tab);
    const second = new SyncWorld();
    const there = second.open();
    await take(there, file);
    there.engine.kick('marks');
    await second.run(minutes(60));
    expect(second.states()).toEqual({ CONFIRMED: 5 });
    const posts = second.posts;
    there.kill();
    second.disk.restore(new SyncWorld().disk);
    const third = second.open();
    await take(third, file);
    third.engine.kick('marks');
    await second.run(minutes(10));
    expect(second.states()).toEqual({ CONFIRMED: 5 });
    expect(second.posts).toBe(posts);
    expect(second.canvas.rows).toHaveLength(5);
  });

  it('#77 a mark whose U is taken here is shown, not taken over; the others are', async () => {
    const { world } = await offline(3);
    const file = fileOf(world);
    const other = new SyncWorld();
    const there = other.open();
    const mine = await other.tap(there, { student: file[0]!.student, holdMs: null });
    const clash = { ...file[0]!, assessedAt: mine.assessedAt, id: 'somebody-elses' as never };
    const result = await take(there, [clash, ...file.slice(1)]);
    expect(result.clashing).toEqual(['somebody-elses']);
    expect(result.taken).toHaveLength(2);
    await there.engine.sendNow();
    await other.run(minutes(5));
    expect(other.states()).toEqual({ CONFIRMED: 3 });
    expect(other.rowsPerMark()).toEqual([1, 1, 1]);
  });

  it('keeps UNKNOWN unknown, and sends it only after SETTLE', async () => {
    const { world } = await offline(2);
    const file = fileOf(world).map((mark) => ({ ...mark, state: 'UNKNOWN' as const }));
    const other = new SyncWorld();
    const there = other.open();
    await take(there, file);
    there.engine.kick('marks');
    await other.run(100_000);
    expect(other.states()).toEqual({ UNKNOWN: 2 });
    await other.run(minutes(2));
    expect(other.rowsPerMark()).toEqual([1, 1]);
  });

  it('takes one file over once, and gives a mark back to its origin as unknown', async () => {
    const { world, tab } = await offline(2);
    const file = fileOf(world);
    await writeFile(world, tab);
    expect((await take(tab, file)).taken).toHaveLength(2);
    expect(world.states()).toEqual({ UNKNOWN: 2 });
    expect(await take(tab, file)).toMatchObject({ taken: [], present: file.map(({ id }) => id) });
    expect(world.marks()).toHaveLength(2);
  });

  it('leaves marks in an attempt, and those in Canvas, where they are', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    await world.tapClass(tab, 3);
    await world.run(5_000);
    expect(await writeFile(world, tab)).toEqual([]);
    world.network.plan = (hop) => (hop.kind === 'post' ? { answerMs: 60_000 } : undefined);
    await world.tap(tab, { student: '120' });
    await world.run(5_000);
    await expect(writeFile(world, tab)).rejects.toThrow('armed');
  });
});
