import { describe, expect, it } from 'vitest';
import { SyncWorld } from '#testing/sync-world.ts';

describe('the sync engine', () => {
  it('sends a class of marks in one batch and confirms each by its own row', async () => {
    const world = new SyncWorld();
    const tab = world.open();
    await world.tapClass(tab, 20);
    await world.run(10_000);
    expect(world.states()).toEqual({ CONFIRMED: 20 });
    expect(world.rowsPerMark()).toEqual(Array(20).fill(1));
    expect(world.posts).toBe(1);
    expect(tab.engine.status.get()).toMatchObject({ kind: 'all-in-canvas', confirmed: 20, waiting: 0 });
    expect(tab.reports).toEqual([]);
  });
});
