import type { Finding } from './findings.ts';

/** Where this tab stands among those of its account. */
export type Role =
  /** Stopped, or not started yet. */
  | 'off'
  /** Hidden: it starts nothing. */
  | 'hidden'
  /** Another tab has the lock and sends for all. */
  | 'standby'
  | 'sender';

/** What the status is made of: counts from the store, and what the engine found on its way. */
export interface SyncFacts {
  readonly role: Role;
  readonly held: number;
  readonly queued: number;
  readonly inflight: number;
  readonly unknown: number;
  readonly confirmed: number;
  /** Refused marks that the teacher has not settled. */
  readonly refused: number;
  /** Lanes with waiting marks behind a gate that somebody has to open. */
  readonly stuckLanes: number;
  /** Lanes with waiting marks that can go by themselves, sooner or later. */
  readonly movingLanes: number;
  /** Device time, ms, when the next held mark goes; absent when none waits for time. */
  readonly releaseAt?: number;
  /** Device time, ms, of the last confirmation. */
  readonly confirmedAt?: number;
  /** Device time, ms, until which Canvas wants to be left alone. */
  readonly throttledUntil?: number;
  readonly finding: Finding;
  readonly storageFailed: boolean;
}

/** Borne by every status. */
export interface SyncNumbers {
  /** Marks saved here that are not in Canvas yet. */
  readonly waiting: number;
  /** Marks in Canvas. */
  readonly confirmed: number;
  /** Refused marks, and lanes that stand still until somebody acts. */
  readonly needsYou: number;
}

/** What is going on, or what is in the way. */
export type SyncPhase =
  /** Nothing waits, and nothing was ever sent from here. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'all-in-canvas'; readonly at?: number }
  /** Saved here, and held back so that undo is real; without `until` it waits for the end of the round. */
  | { readonly kind: 'held'; readonly until?: number }
  /** Saved here, on their way as soon as it is their turn. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly sending: number }
  /** An answer got lost: looking whether Canvas has them. */
  | { readonly kind: 'checking'; readonly checking: number }
  | { readonly kind: 'no-network' }
  /** Somebody else answers in Canvas's place. */
  | { readonly kind: 'wifi-sign-in' }
  | { readonly kind: 'canvas-down' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'canvas-busy'; readonly until: number }
  /** Whatever waits or was refused stands still until the teacher acts. */
  | { readonly kind: 'needs-you' }
  | { readonly kind: 'other-tab' }
  /** This device's storage takes nothing any more. */
  | { readonly kind: 'storage-failed' };

export type SyncStatus = SyncNumbers & SyncPhase;

/** Says in one value how the marks stand. */
export function deriveStatus(facts: SyncFacts): SyncStatus {
  return {
    waiting: facts.held + facts.queued + facts.inflight + facts.unknown,
    confirmed: facts.confirmed,
    needsYou: facts.refused + facts.stuckLanes,
    ...phaseOf(facts),
  };
}

/** Troubles of this device come first, then what is in the way of the network, then what is going on. */
function phaseOf(facts: SyncFacts): SyncPhase {
  if (facts.storageFailed) return { kind: 'storage-failed' };
  const moving = facts.movingLanes > 0 || facts.held > 0 || facts.inflight > 0;
  if (!moving) return facts.refused + facts.stuckLanes > 0 ? { kind: 'needs-you' } : settled(facts);
  if (facts.role === 'standby') return { kind: 'other-tab' };
  const obstacle = obstacleOf(facts);
  if (obstacle !== undefined) return obstacle;
  if (facts.inflight > 0) return { kind: 'sending', sending: facts.inflight };
  if (facts.queued > 0 && facts.movingLanes > 0) return { kind: 'waiting' };
  if (facts.unknown > 0) return { kind: 'checking', checking: facts.unknown };
  return facts.releaseAt === undefined ? { kind: 'held' } : { kind: 'held', until: facts.releaseAt };
}

function settled({ confirmed, confirmedAt }: SyncFacts): SyncPhase {
  if (confirmed === 0) return { kind: 'nothing' };
  return confirmedAt === undefined ? { kind: 'all-in-canvas' } : { kind: 'all-in-canvas', at: confirmedAt };
}

function obstacleOf({ finding, throttledUntil }: SyncFacts): SyncPhase | undefined {
  switch (finding) {
    case 'no-network':
      return { kind: 'no-network' };
    case 'stranger':
      return { kind: 'wifi-sign-in' };
    case 'canvas-down':
      return { kind: 'canvas-down' };
    case 'signed-out':
      return { kind: 'signed-out' };
    case 'busy':
    case 'reached':
    case 'unknown':
      return throttledUntil === undefined ? undefined : { kind: 'canvas-busy', until: throttledUntil };
  }
}
