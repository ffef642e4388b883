import { describe, expect, it, vi } from 'vitest';
import { createStorageGuard } from './storage-guard.ts';

describe('the storage guard', () => {
  it('asks once, and knows the answer', async () => {
    const persist = vi.fn(() => Promise.resolve(true));
    const guard = createStorageGuard({ persist, persisted: () => Promise.resolve(false) });
    guard.askToPersist();
    guard.askToPersist();
    await vi.waitFor(() => expect(guard.state().persistence).toBe('granted'));
    expect(persist).toHaveBeenCalledOnce();
  });

  it('does not ask for what was granted before', async () => {
    const persist = vi.fn(() => Promise.resolve(false));
    const guard = createStorageGuard({ persist, persisted: () => Promise.resolve(true) });
    guard.askToPersist();
    await vi.waitFor(() => expect(guard.state().persistence).toBe('granted'));
    expect(persist).not.toHaveBeenCalled();
  });

  it('says refused when the browser says no, or fails', async () => {
    for (const persist of [() => Promise.resolve(false), () => Promise.reject(new Error('no'))]) {
      const guard = createStorageGuard({ persist });
      guard.askToPersist();
      await vi.waitFor(() => expect(guard.state().persistence).toBe('refused'));
    }
  });

  it('measures what is used, where the browser says', async () => {
    const guard = createStorageGuard({ estimate: () => Promise.resolve({ usage: 10, quota: 100 }) });
    expect(await guard.measure()).toEqual({ persistence: 'unsupported', usage: 10, quota: 100 });
    const silent = createStorageGuard({ estimate: () => Promise.reject(new Error('no')) });
    expect(await silent.measure()).toEqual({ persistence: 'unsupported' });
    expect(await createStorageGuard({}).measure()).toEqual({ persistence: 'unsupported' });
  });

  it('tells who watches', async () => {
    const guard = createStorageGuard({ persist: () => Promise.resolve(true) });
    const told = vi.fn();
    guard.watch.subscribe(told);
    guard.askToPersist();
    await vi.waitFor(() => expect(told).toHaveBeenLastCalledWith({ persistence: 'granted' }));
  });
});
