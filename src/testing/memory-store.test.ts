import { describe, expect, it, vi } from 'vitest';
import { StorageError } from '#store/port.ts';
import { buildMark } from './build-mark.ts';
import { MemoryDisk } from './memory-disk.ts';
import { openMemoryStore, type Fate } from './memory-store.ts';
import { describeSyncStore } from './sync-store-suite.ts';

describeSyncStore('the memory store', () => {
  const disk = new MemoryDisk();
  return Promise.resolve({
    store: openMemoryStore(disk),
    openAgain: () => Promise.resolve(openMemoryStore(disk)),
    close: () => undefined,
  });
});

describe('the memory store under faults', () => {
  const meetFate = (fate: Fate) => {
    const disk = new MemoryDisk();
    const store = openMemoryStore(disk, { fate: () => fate, failure: () => new StorageError('full') });
    const settled = vi.fn();
    void store.write((tx) => tx.marks.add(buildMark())).then(settled, settled);
    return { disk, store, settled };
  };
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

  it('keeps nothing, and says nothing, when the tab dies before the commit', async () => {
    const { disk, store, settled } = meetFate('crash-before');
    await turn();
    expect([disk.marks.size, settled.mock.calls.length, store.alive]).toEqual([0, 0, false]);
  });

  it('keeps all, and says nothing, when the tab dies after the commit', async () => {
    const { disk, settled } = meetFate('crash-after');
    await turn();
    expect([disk.marks.size, settled.mock.calls.length]).toEqual([1, 0]);
  });

  it('keeps nothing of a transaction that fails, and the tab lives on', async () => {
    const { disk, store, settled } = meetFate('fail');
    await turn();
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ kind: 'full' }));
    expect([disk.marks.size, disk.idIndex.size, disk.nextSeq, store.alive]).toEqual([0, 0, 1, true]);
  });

  it('takes back the work of a tab killed in mid-transaction, and serves the next tab', async () => {
    const disk = new MemoryDisk();
    const dying = openMemoryStore(disk);
    const living = openMemoryStore(disk);
    void dying.write(async (tx) => {
      await tx.marks.add(buildMark());
      dying.kill();
    });
    void dying.write((tx) => tx.marks.add(buildMark()));
    await living.write((tx) => tx.marks.add(buildMark()));
    expect(disk.marks.size).toBe(1);
    expect(disk.commits).toBe(1);
  });

  it('lets the caller hold the news of a commit back', async () => {
    const disk = new MemoryDisk();
    let tell: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (tell = resolve));
    const settled = vi.fn();
    const store = openMemoryStore(disk, { complete: () => held });
    const write = store.write((tx) => tx.marks.add(buildMark())).then(settled);
    await turn();
    expect([disk.marks.size, settled.mock.calls.length]).toEqual([1, 0]);
    tell();
    await write;
    expect(settled).toHaveBeenCalledOnce();
  });

  it('restores an old backup as it was', async () => {
    const disk = new MemoryDisk();
    const store = openMemoryStore(disk);
    await store.write((tx) => tx.marks.add(buildMark()));
    const backup = disk.snapshot();
    const [mark] = await store.read((tx) => tx.marks.byState('HELD'));
    await store.write((tx) => tx.marks.put({ ...mark!, state: 'QUEUED' }));
    await store.write((tx) => tx.marks.add(buildMark()));
    disk.restore(backup);
    expect(await store.read((tx) => tx.marks.byState('HELD'))).toEqual([mark]);
    expect(await store.read((tx) => tx.marks.countByState('QUEUED'))).toBe(0);
  });

  it('refuses to write in a read', async () => {
    const store = openMemoryStore(new MemoryDisk());
    await expect(store.read((tx) => tx.marks.add(buildMark()))).rejects.toThrow('outside a write');
  });
});
