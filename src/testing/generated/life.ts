/** Whether the code of a tab runs: what comes from outside reaches it now, once it thaws, or never. */
export class Life {
  state: 'alive' | 'frozen' | 'dead' = 'alive';
  private asleep: (() => void)[] = [];
  private readonly onDeath: () => void;

  constructor(onDeath: () => void) {
    this.onDeath = onDeath;
  }

  readonly run = (act: () => void): void => {
    if (this.state === 'alive') act();
    else if (this.state === 'frozen') this.asleep.push(act);
  };

  freeze(): void {
    if (this.state === 'alive') this.state = 'frozen';
  }

  thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'alive';
    for (const act of this.asleep.splice(0)) this.run(act);
  }

  kill(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.asleep = [];
    this.onDeath();
  }
}

/** A promise of a dead tab. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
