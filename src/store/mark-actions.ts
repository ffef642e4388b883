import type { AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { Clock } from '#lib/clock.ts';
import type { Random } from '#lib/random.ts';
import { createMark, createMarks, stampTap, type Created, type NewMark } from './marks/create.ts';
import { resolveRejected, type Resolved } from './marks/rejected.ts';
import { releaseHeld, type Release, type ReleaseScope } from './marks/release.ts';
import { undo, undoHistory, type Undone, type UndoStep } from './marks/undo.ts';
import {
  replaceAllUnsent,
  replaceUnsent,
  withdraw,
  type Replacement,
  type Withdrawal,
} from './marks/withdraw.ts';
import type { SyncStore } from './port.ts';

/** One tap as the screen knows it; who marks, and the true time, are added here. */
export interface Tap {
  /** Made at the pointer event (`Random.uuid`), so that one tap delivered twice is one mark. */
  readonly id: MarkId;
  readonly course: CourseId;
  readonly assessmentKey: AssessmentKey;
  readonly student: UserId;
  readonly passed: boolean;
  /** Device time of the tap, ms. */
  readonly tappedAt: number;
  /** How long it can be undone before it may be sent, ms; null: until the end of the round. */
  readonly holdMs: number | null;
}

export type Settlement =
  | { readonly kind: 'retried' }
  | { readonly kind: 'reassigned'; readonly student: UserId }
  | { readonly kind: 'discarded'; readonly reason: string };

/** What a teacher does to marks. Each call is one transaction, has happened when it resolves, and rejects with StorageError. */
export interface MarkActions {
  /** Saves a tap: when it resolves, the mark is on the disk. */
  readonly create: (tap: Tap) => Promise<Created>;
  /** Saves all taps of one gesture, or none; they are undone as one. In the order given. */
  readonly createAll: (taps: readonly Tap[]) => Promise<readonly Created[]>;
  readonly withdraw: (seqs: readonly number[]) => Promise<Withdrawal>;
  /** Another mark in place of one that was not sent. */
  readonly replace: (seq: number, tap: Tap) => Promise<Replacement>;
  /**
   * As `createAll`, each mark in place of an unsent one where `seq` names it. What is too late is left out.
   * @returns every mark that is new or different
   */
  readonly replaceAll: (
    taps: readonly { readonly tap: Tap; readonly seq: number | undefined }[],
  ) => Promise<readonly Mark[]>;
  readonly release: (scope: ReleaseScope) => Promise<Release>;
  readonly undoHistory: (depth: number) => Promise<readonly UndoStep[]>;
  /** @param holdMs for a mark that comes back because the undone one had replaced it */
  readonly undo: (step: UndoStep, holdMs: number | null) => Promise<Undone>;
  /** @returns undefined when the mark does not wait for a decision (any more) */
  readonly resolveRejected: (seq: number, settlement: Settlement) => Promise<Resolved | undefined>;
}

export interface MarkActionDeps {
  readonly store: SyncStore;
  readonly assessor: UserId;
  readonly clock: Clock;
  readonly random: Random;
  readonly clockOffsetMs: () => number | undefined;
  /** After each call that may have made the first mark. */
  readonly saved: () => void;
}

export function createMarkActions(deps: MarkActionDeps): MarkActions {
  const { store, clock, random } = deps;
  const newId = () => random.uuid() as MarkId;
  const draft = ({ tappedAt, holdMs, ...tap }: Tap, gesture?: string): NewMark => ({
    ...tap,
    ...stampTap(tappedAt, deps.clockOffsetMs()),
    assessor: deps.assessor,
    heldUntil: holdMs === null ? null : tappedAt + holdMs,
    ...(gesture === undefined ? {} : { gesture }),
  });
  return {
    create: async (tap) => {
      const created = await createMark(store, draft(tap));
      deps.saved();
      return created;
    },
    createAll: async (taps) => {
      const gesture = newId();
      const created = await createMarks(
        store,
        taps.map((tap) => draft(tap, gesture)),
      );
      deps.saved();
      return created;
    },
    withdraw: (seqs) => withdraw(store, seqs, clock.wallMs()),
    replace: (seq, tap) => replaceUnsent(store, seq, draft(tap), clock.wallMs()),
    replaceAll: (taps) => {
      const gesture = newId();
      return replaceAllUnsent(
        store,
        taps.map(({ tap, seq }) => ({ draft: draft(tap, gesture), seq })),
        clock.wallMs(),
      );
    },
    release: (scope) => releaseHeld(store, scope, clock.wallMs()),
    undoHistory: (depth) => undoHistory(store, depth),
    undo: (step, holdMs) => {
      const now = clock.wallMs();
      return undo(store, step, { now, heldUntil: holdMs === null ? null : now + holdMs, newId });
    },
    resolveRejected: (seq, settlement) => {
      const decision = settlement.kind === 'discarded' ? settlement : { ...settlement, newId: newId() };
      return resolveRejected(store, seq, decision, clock.wallMs());
    },
  };
}
