import type { SyncStore } from '#store/port.ts';
import { never, type Life } from './life.ts';
import type { Pending } from './pending.ts';

/** What happens to a tab at one of its next transactions. */
export interface Fuse {
  /** How many transactions go well before. */
  transactions: number;
  /**
   * `kill-before`: the transaction has done its work, and nothing of it is kept. `kill-after`: it is kept, and the tab
   * never hears of it. `freeze`: it is kept, and the tab hears of it when it thaws.
   */
  readonly what: 'kill-before' | 'kill-after' | 'freeze';
}

/** The real store as a tab has it that may die or freeze at any transaction. */
export interface FusedStore extends SyncStore {
  fuse: Fuse | undefined;
}

class KilledError extends Error {
  override readonly name = 'KilledError';
}

export function fusedStore(real: SyncStore, life: Life, pending: Pending): FusedStore {
  function burn(): Fuse['what'] | undefined {
    const { fuse } = fused;
    if (fuse === undefined) return undefined;
    fuse.transactions -= 1;
    if (fuse.transactions >= 0) return undefined;
    fused.fuse = undefined;
    return fuse.what;
  }

  /** @param begin the transaction; told whether it must break off at its end */
  async function run<T>(begin: (breaksOff: boolean) => Promise<T>): Promise<T> {
    if (life.state === 'dead') return never();
    const fate = burn();
    const end = await pending.hold(
      begin(fate === 'kill-before').then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
    );
    if (fate === 'freeze') life.freeze();
    else if (fate !== undefined) life.kill();
    return new Promise((resolve, reject) => {
      life.run(() => {
        if ('value' in end) resolve(end.value);
        else
          reject(
            end.error instanceof Error ? end.error : new Error('the store failed', { cause: end.error }),
          );
      });
    });
  }

  const fused: FusedStore = {
    fuse: undefined,
    write: (work) =>
      run((breaksOff) =>
        real.write(async (tx) => {
          const value = await work(tx);
          if (breaksOff) throw new KilledError();
          return value;
        }),
      ),
    read: (work) => run(() => real.read(work)),
    // One request in one transaction: it breaks off by never having begun.
    add: (mark) => run((breaksOff) => (breaksOff ? Promise.reject(new KilledError()) : add(mark))),
  };
  const add: NonNullable<SyncStore['add']> = (mark) =>
    real.add === undefined ? real.write((tx) => tx.marks.add(mark)) : real.add(mark);
  return fused;
}
