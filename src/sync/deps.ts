import type { ResultsApi } from '#canvas/results-api.ts';
import type { AccountId, UserId } from '#domain/ids.ts';
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
  /** Told of what should not have happened, for a developer. */
  report?(error: unknown): void;
}
