import type { ResultRow, ResultsApi } from '#canvas/results-api.ts';
import type { AccountId, LaneId, UserId } from '#domain/ids.ts';
import type { Clock } from '#lib/clock.ts';
import type { Random } from '#lib/random.ts';
import type { SyncStore } from '#store/port.ts';
import type { SenderLock } from './lock.ts';

/** Everything the sync core touches, handed in: the same code runs in a page, a worker and a simulator. */
export interface SyncDeps {
  readonly account: { readonly id: AccountId; readonly user: UserId };
  readonly store: SyncStore;
  readonly api: ResultsApi;
  readonly clock: Clock;
  readonly random: Random;
  readonly lock: SenderLock;
  /** SHA-256 of a text, hex. */
  readonly hash: (text: string) => Promise<string>;
  /** False while the page is hidden: then nothing is started. */
  readonly visible: () => boolean;
  /** Told of the sender's epoch before anything is asked of the network with it: requests bear it. */
  onEpoch?(epoch: number): void;
  /** Shown what a read has seen, for showing: nothing of the protocol waits for it or depends on it. */
  seenRows?(lane: LaneId, rows: readonly ResultRow[]): void;
  /** Told of what should not have happened, for a developer. */
  report?(error: unknown): void;
}
