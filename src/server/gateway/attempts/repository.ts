import type { AttemptEnding, AttemptRecord } from './record.ts';
import type { GatewayReason } from '#canvas/gateway-wire.ts';

/** Who sends: one installation of the app with one account, and the epoch of its sender (sync protocol §8.1). */
export interface Sender {
  readonly account: string;
  readonly installation: string;
  readonly epoch: number;
}

/** What `begin` is asked to record. */
export interface AttemptCandidate extends Sender {
  readonly id: string;
  readonly fingerprint: string;
  /** The memory that the returned stamp names. */
  readonly memory: string;
  readonly atMs: number;
}

export type BeginResult =
  /** Recorded as running by this very call: the caller, and nobody else ever, may forward it. */
  | { readonly kind: 'begun' }
  /** The id was recorded before; nothing changed. */
  | { readonly kind: 'known'; readonly record: AttemptRecord }
  /** A higher epoch of this installation and account has been heard; nothing was recorded. */
  | { readonly kind: 'old-epoch' }
  /** The memory the stamp names is not this one; nothing was recorded. */
  | { readonly kind: 'other-memory' };

export interface BarRequest {
  readonly id: string;
  readonly account: string;
  readonly memory: string;
  readonly reason: GatewayReason;
  readonly atMs: number;
}

export type BarResult =
  /** No record was there; from now on the id stands as `not-sent` with the given reason. */
  | { readonly kind: 'barred' }
  | { readonly kind: 'known'; readonly record: AttemptRecord }
  | { readonly kind: 'other-memory' };

/**
 * The gateway's durable memory of attempts, shared by all its instances. Every method is one atomic step against
 * every other, on every instance, and has happened durably when its promise resolves. Only `begin` and
 * `barIfAbsent` create records, so an id is either forwarded once or barred, never both: duties 3 and 6 of sync
 * protocol §13 rest on nothing else.
 */
export interface AttemptRepository {
  /** Names this memory. Made with the database: a new, empty database has another one. */
  memory(): Promise<string>;
  /**
   * Record before forward. In one step: raises the highest epoch heard from the sender; then, in this order,
   * `known`, `other-memory`, `old-epoch`; else records the attempt as running.
   */
  begin(candidate: AttemptCandidate): Promise<BeginResult>;
  /** Bar if absent. In one step: `known`, `other-memory`; else records the id as `not-sent`. */
  barIfAbsent(request: BarRequest): Promise<BarResult>;
  /** Ends a running attempt; changes nothing when it is not running. */
  end(id: string, ending: AttemptEnding): Promise<void>;
  find(id: string): Promise<AttemptRecord | undefined>;
  /** Raises the highest epoch heard from the sender; never lowers it. */
  hear(sender: Sender, atMs: number): Promise<void>;
  /** Removes records made before `beforeMs`. @returns how many */
  forget(beforeMs: number): Promise<number>;
}
