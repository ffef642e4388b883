import type { Clock } from '#lib/clock.ts';
import { worldStartMs } from '../sync-world.ts';

interface Timer {
  readonly atMs: number;
  readonly ring: () => void;
}

/** Time that passes only when the checker says so, and then up to the next timer that anybody has set. */
export class ModelTime {
  nowMs = 0;
  private timers: Timer[] = [];

  /** @returns takes it back */
  after(ms: number, ring: () => void): () => void {
    const timer = { atMs: this.nowMs + Math.max(0, ms), ring };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** How long each timer has still to go. */
  left(): readonly number[] {
    return this.timers.map((timer) => timer.atMs - this.nowMs).sort((a, b) => a - b);
  }

  /** Goes on to the next timer, or only as far as `untilMs` if that comes first; rings all that are due. */
  pass(untilMs: number): void {
    this.nowMs = Math.min(untilMs, ...this.timers.map((timer) => timer.atMs));
    const due = this.timers.filter((timer) => timer.atMs <= this.nowMs);
    this.timers = this.timers.filter((timer) => timer.atMs > this.nowMs);
    for (const timer of due) timer.ring();
  }

  /** Lets time pass in which nobody does anything: for when everybody is dead. */
  skip(ms: number): void {
    this.timers = [];
    this.nowMs += ms;
  }

  /** A clock for a process. @param wake hands it what it slept for; later if it is frozen, never if it is dead */
  clock(wake: (resume: () => void) => void, leastSleepMs = 0): Clock {
    return {
      wallMs: () => worldStartMs + this.nowMs,
      monotonicMs: () => this.nowMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted === true) {
            resolve();
            return;
          }
          const resume = () => {
            signal?.removeEventListener('abort', cut);
            wake(resolve);
          };
          const cancel = this.after(Math.max(ms, leastSleepMs), resume);
          function cut() {
            cancel();
            resolve();
          }
          signal?.addEventListener('abort', cut, { once: true });
        }),
    };
  }
}
