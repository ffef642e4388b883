import type { GatewayReason } from '#canvas/gateway-wire.ts';

/*
 * What the gateway remembers of one attempt (sync protocol §13 duty 3). Pure data: the same code runs over a
 * database in the gateway and over plain maps in the simulator.
 */

/** Canvas's answer as it will be given again: status, the headers that are passed on, the body. */
export interface RememberedAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What is durably known of an attempt id. It only ever moves from `running` to one of the others. */
export type AttemptState =
  /** Recorded, about to be forwarded or forwarded; no answer yet. After a crash it stays so for ever. */
  | { readonly kind: 'running' }
  | { readonly kind: 'answered'; readonly answer: RememberedAnswer }
  /** Forwarded, and no answer that says anything came. */
  | { readonly kind: 'unknown' }
  /** Never reached Canvas and never will: refused, barred by an inquiry, or no connection came about. */
  | { readonly kind: 'not-sent'; readonly reason: GatewayReason };

export interface AttemptRecord {
  readonly id: string;
  /** The user whose session sent it, or asked for it; `''` when nobody was signed in. */
  readonly account: string;
  /** Digest of path and body; `''` for an id that was barred before any body came. */
  readonly fingerprint: string;
  /** Server time, ms, of the record. */
  readonly recordedAtMs: number;
  readonly state: AttemptState;
}

/** How a running attempt ended. */
export type AttemptEnding = Exclude<AttemptState, { kind: 'running' }>;
