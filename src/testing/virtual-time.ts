import type { Clock } from '#lib/clock.ts';

/** Something that is to happen at a moment of virtual time. */
interface Event {
  readonly at: number;
  readonly n: number;
  act: (() => void) | undefined;
}

/**
 * Time for tests and the simulator: it stands still while anything is ready to run, and jumps to the next event.
 * Everything happens on one thread in an order that depends on nothing but the events.
 */
export class VirtualTime {
  now = 0;
  private n = 0;
  private readonly heap: Event[] = [];
  private readonly settled: () => Promise<void>;

  /** @param settle resolves when nothing is ready to run; a world with a real disk waits for the disk too */
  constructor(settle: () => Promise<void> = settled) {
    this.settled = settle;
  }

  /** @returns takes it back */
  after(ms: number, act: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, ms), n: this.n++, act };
    push(this.heap, event);
    return () => {
      event.act = undefined;
    };
  }

  /** Lets the next event happen and everything that follows from it at once. @returns false when there is none */
  async step(untilMs = Infinity): Promise<boolean> {
    for (let next = this.heap[0]; next !== undefined && next.at <= untilMs; next = this.heap[0]) {
      pop(this.heap);
      if (next.act === undefined) continue;
      this.now = Math.max(this.now, next.at);
      next.act();
      await this.settled();
      return true;
    }
    return false;
  }

  /** Lets `ms` pass. */
  async run(ms: number): Promise<void> {
    const until = this.now + ms;
    await this.settled();
    while (await this.step(until));
    this.now = until;
  }

  /** A clock that a process reads and sleeps by. @param wake lets a frozen or dead process sleep on */
  clock(wallStartMs: number, wake: (resume: () => void) => void = (resume) => resume()): VirtualClock {
    const clock: VirtualClock = {
      wallOffsetMs: wallStartMs,
      wallMs: () => clock.wallOffsetMs + Math.floor(this.now),
      monotonicMs: () => this.now,
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
          const cancel = this.after(ms, resume);
          function cut() {
            cancel();
            resolve();
          }
          signal?.addEventListener('abort', cut, { once: true });
        }),
    };
    return clock;
  }
}

export interface VirtualClock extends Clock {
  /** Wall time minus virtual time: set it as a person sets a clock. */
  wallOffsetMs: number;
}

/** Resolves when every promise that is ready has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.n < b.n);
}

function push(heap: Event[], event: Event): void {
  let i = heap.length;
  heap.push(event);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !before(event, above)) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    const left = heap[child];
    const right = heap[child + 1];
    if (left === undefined) break;
    if (right !== undefined && before(right, left)) child += 1;
    const least = heap[child];
    if (least === undefined || !before(least, last)) break;
    heap[i] = least;
    i = child;
  }
  heap[i] = last;
}
