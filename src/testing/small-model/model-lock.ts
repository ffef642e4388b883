import type { HeldLock, SenderLock } from '#sync/lock.ts';
import { stealAfterMs } from '#sync/parameters.ts';
import type { ModelTime } from './model-time.ts';
import type { Tab } from './tab.ts';

interface Waiter {
  readonly tab: Tab;
  resolve(held: HeldLock): void;
}

interface Holder {
  readonly tab: Tab;
  readonly lost: AbortController;
}

/**
 * The lock of the account, of which the checker decides everything: who gets it is the one that has waited
 * longest, and it is taken from a tab that stays frozen for as long as the protocol says, or at any moment.
 */
export class ModelLock {
  private holder: Holder | undefined;
  private waiters: Waiter[] = [];
  private readonly time: ModelTime;

  constructor(time: ModelTime) {
    this.time = time;
  }

  holds(tab: Tab): boolean {
    return this.holder?.tab === tab;
  }

  get holderTab(): Tab | undefined {
    return this.holder?.tab;
  }

  isWaitedFor(): boolean {
    return this.waiters.length > 0;
  }

  open(tab: Tab): SenderLock {
    return {
      acquire: () =>
        new Promise((resolve) => {
          tab.waits();
          this.waiters.push({ tab, resolve });
          if (this.holder === undefined) this.grantNext();
        }),
      poke: () => undefined,
    };
  }

  /** The browser takes the lock away; the tab hears of it as soon as the checker lets it. */
  takeFromHolder(): void {
    const { holder } = this;
    if (holder === undefined) return;
    holder.tab.losesLock(() => {
      holder.lost.abort();
    });
    this.grantNext();
  }

  tabFroze(tab: Tab): void {
    this.time.after(stealAfterMs, () => {
      if (this.holds(tab) && tab.life === 'frozen' && this.isWaitedFor()) this.takeFromHolder();
    });
  }

  tabDied(tab: Tab): void {
    this.waiters = this.waiters.filter((waiter) => waiter.tab !== tab);
    if (this.holds(tab)) this.grantNext();
  }

  private grantNext(): void {
    this.holder = undefined;
    const next = this.waiters.shift();
    if (next === undefined) return;
    const holder = { tab: next.tab, lost: new AbortController() };
    this.holder = holder;
    next.tab.serves();
    next.resolve({
      lost: holder.lost.signal,
      onPoke: () => undefined,
      release: () => {
        if (this.holder === holder) this.grantNext();
      },
    });
  }
}
