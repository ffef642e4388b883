import type { HeldLock, SenderLock } from '#sync/lock.ts';
import { stealAfterMs } from '#sync/parameters.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A tab, as the lock sees it. */
export interface LockTab {
  /** A frozen or dead tab answers no ping. */
  answers(): boolean;
  /** Runs something in the tab; later if it is frozen, never if it is dead. */
  run(act: () => void): void;
}

interface Holder {
  readonly tab: LockTab;
  readonly lost: AbortController;
  poked: () => void;
  readonly wanted: () => void;
}

interface Waiter {
  readonly tab: LockTab;
  readonly signal: AbortSignal;
  maySteal(): boolean;
  readonly onWanted?: () => void;
  resolve(held: HeldLock | undefined): void;
}

/** The lock of one account, shared by the tabs of one browser, in virtual time. */
export class MemoryLock {
  private readonly time: VirtualTime;
  private holder: Holder | undefined;
  private waiters: Waiter[] = [];

  constructor(time: VirtualTime) {
    this.time = time;
  }

  open(tab: LockTab): SenderLock {
    return {
      acquire: (request) =>
        new Promise((resolve) => {
          const waiter: Waiter = { tab, ...request, maySteal: () => request.maySteal(), resolve };
          if (request.signal.aborted) resolve(undefined);
          else if (this.holder === undefined) this.grant(waiter);
          else this.queue(waiter, () => request.onWaiting());
        }),
      poke: () => {
        const { holder } = this;
        holder?.tab.run(() => holder.poked());
      },
    };
  }

  /** The browser gives a dead tab's lock to the next in line. */
  tabDied(tab: LockTab): void {
    this.waiters = this.waiters.filter((waiter) => waiter.tab !== tab);
    if (this.holder?.tab === tab) this.release(this.holder);
  }

  /** Takes the lock from whoever holds it, as the browser may. */
  takeFromHolder(): void {
    if (this.holder !== undefined) this.lose(this.holder);
  }

  private queue(waiter: Waiter, onWaiting: () => void): void {
    this.waiters.push(waiter);
    waiter.signal.addEventListener(
      'abort',
      () => {
        if (!this.waiters.includes(waiter)) return;
        this.waiters = this.waiters.filter((other) => other !== waiter);
        waiter.resolve(undefined);
      },
      { once: true },
    );
    onWaiting();
    this.ping(waiter);
  }

  /** A holder that does not answer for 5 s loses the lock to a tab that may steal. */
  private ping(waiter: Waiter): void {
    const asked = this.holder;
    let answered = false;
    // A frozen holder finds the ping when it thaws.
    asked?.tab.run(() => {
      answered = true;
      if (waiter.maySteal()) asked.wanted();
    });
    this.time.after(stealAfterMs, () => {
      if (!this.waiters.includes(waiter) || !waiter.tab.answers()) return;
      answered ||= this.holder !== asked;
      if (answered || asked === undefined || !waiter.maySteal()) this.ping(waiter);
      else {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        this.lose(asked, waiter);
      }
    });
  }

  private lose(holder: Holder, next?: Waiter): void {
    if (this.holder !== holder) return;
    this.holder = undefined;
    holder.tab.run(() => {
      holder.lost.abort();
    });
    if (next !== undefined) this.grant(next);
    else this.grantNext();
  }

  private release(holder: Holder): void {
    if (this.holder !== holder) return;
    this.holder = undefined;
    this.grantNext();
  }

  private grantNext(): void {
    const next = this.waiters.shift();
    if (next !== undefined) this.grant(next);
  }

  private grant(waiter: Waiter): void {
    const holder: Holder = {
      tab: waiter.tab,
      lost: new AbortController(),
      poked: () => undefined,
      wanted: () => waiter.onWanted?.(),
    };
    this.holder = holder;
    waiter.tab.run(() => {
      waiter.resolve({
        lost: holder.lost.signal,
        onPoke: (listener) => {
          holder.poked = listener;
        },
        release: () => {
          this.release(holder);
        },
      });
    });
  }
}
