/** Work that virtual time must wait for because a real disk does it. */
export class Pending {
  private count = 0;
  private readonly waiting = new Set<() => void>();

  async hold<T>(work: Promise<T>): Promise<T> {
    this.count += 1;
    try {
      return await work;
    } finally {
      this.count -= 1;
      for (const wake of this.waiting) wake();
      this.waiting.clear();
    }
  }

  /** Resolves when nothing is under way on the disk, and all that followed from it has run. */
  readonly quiet = async (): Promise<void> => {
    do {
      await macrotask();
      while (this.count > 0) await new Promise<void>((resolve) => this.waiting.add(resolve));
      await macrotask();
    } while (this.count > 0);
  };
}

const channel = new MessageChannel();
const turns: (() => void)[] = [];
channel.port1.onmessage = () => turns.shift()?.();

/** Lets every promise that is ready run. A timer would cost milliseconds. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(undefined);
  });
}
