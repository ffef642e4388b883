import type { MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';

/** One tap, named when the finger lifts, so that the same tap given twice to the store is one mark. */
export interface Tap {
  readonly id: MarkId;
  readonly student: UserId;
  readonly passed: boolean;
  /** Device time, ms: it stays that of the tap however often it is offered to the disk. */
  readonly tappedAt: number;
  /** The unsent mark it takes the place of (single mode). */
  readonly replaces?: Mark;
}

/**
 * `saved`: all marks that are new or different. A tap that has none came too late.
 * `too-late`: the mark it was to replace has been sent meanwhile; nothing was written.
 */
export type Saved =
  { readonly kind: 'saved'; readonly marks: readonly Mark[] } | { readonly kind: 'too-late' };

/** Saves the taps of one gesture, all or none; resolves when their transaction has completed. */
export type SaveTaps = (taps: readonly Tap[]) => Promise<Saved>;

/** What became of the taps of a gesture, and what a failed write threw. */
export type Settled = (taps: readonly Tap[], outcome: Saved['kind'] | 'failed', error?: unknown) => void;
