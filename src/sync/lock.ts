/** The lock that makes one sender of many tabs (sync protocol §8.1), as a parameter. */
export interface SenderLock {
  /**
   * Waits for the lock. A page that may steal takes it from a holder that has been silent for 5 s.
   * @returns undefined once `signal` aborts
   */
  acquire(request: {
    readonly signal: AbortSignal;
    readonly maySteal: () => boolean;
    /** Somebody else has it. */
    readonly onWaiting: () => void;
    /** While it is held: a tab that somebody looks at waits for it. May be called again and again. */
    readonly onWanted?: () => void;
  }): Promise<HeldLock | undefined>;
  /** Tells whoever holds the lock that there may be work. */
  poke(): void;
}

export interface HeldLock {
  /** Aborts when the lock is lost: stolen, or taken away by the browser. Not when it is released. */
  readonly lost: AbortSignal;
  /** Called when another tab pokes. One listener. */
  onPoke(listener: () => void): void;
  release(): void;
}
