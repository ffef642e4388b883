import type { Apart } from './gateway.ts';
import type { FaultKind } from './happening.ts';
import type { Broken, Invariant } from './oracle.ts';

/** What is explored. */
export interface Setup {
  readonly name: string;
  /** False: the tabs speak to Canvas without a gateway of §13. */
  readonly gateway: boolean;
  /** The second mark is saved with the first, or at any time later. */
  readonly secondTap: 'with the first' | 'any time';
  /** The second mark may be undone, at any time. */
  readonly undo: boolean;
  readonly broken?: Broken;
  /** The invariants that are looked at; all of them without it. */
  readonly judged?: readonly Invariant[];
  /** A mutant of the gateway. */
  readonly apart?: Apart;
  /** Tries also the orders of steps of which it is argued that they come to the same. */
  readonly everyOrder?: boolean;
  /** What may go wrong, and how often in all. */
  readonly kinds: readonly FaultKind[];
  readonly faults: number;
}
