import { describe, expect, it, vi } from 'vitest';
import { StorageError } from './port.ts';
import { liveCell } from './use-live.ts';
import { watchSource } from './watch.ts';

describe('a live cell', () => {
  it('is loading, then what it is told', () => {
    const source = watchSource<number>();
    const cell = liveCell(source.watch);
    const bell = vi.fn();
    const stop = cell.subscribe(bell);
    expect(cell.get()).toEqual({ status: 'loading' });
    source.set(1);
    source.set(2);
    expect(cell.get()).toEqual({ status: 'ready', value: 2 });
    source.fail(new StorageError('closed'));
    expect(cell.get()).toMatchObject({ status: 'failed', error: { kind: 'closed' } });
    stop();
    source.set(3);
    expect(bell).toHaveBeenCalledTimes(3);
  });

  it('keeps its last value between the last listener and the next', async () => {
    const source = watchSource<number>();
    source.set(1);
    const cell = liveCell(source.watch);
    cell.subscribe(vi.fn())();
    expect(cell.get()).toEqual({ status: 'loading' });
    cell.subscribe(vi.fn());
    await vi.waitFor(() => expect(cell.get()).toEqual({ status: 'ready', value: 1 }));
  });
});
