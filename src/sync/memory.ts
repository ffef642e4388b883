import type { BatchId, LaneId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { ClockSample } from './clock-offset.ts';
import type { Finding } from './findings.ts';
import type { HeldStamp, LaneCover } from './fresh.ts';
import type { Parcel } from './parcel.ts';
import type { LaneRead } from './read.ts';

/*
 * What a sender knows besides the store: all of it may be lost at any moment, and losing it only makes the sender
 * wait or read once more. Times are monotonic, in ms.
 */

export interface LaneMemory {
  /** Not before this, after a failed cycle. */
  notBeforeMs: number;
  failures: number;
  /** Turn in which the lane was served last: the lane that has waited longest goes first (I13). */
  served: number;
  cover?: LaneCover;
  /** What the lane's cover found waiting outside any batch, oldest first; what of it may still go, the arm finds out. */
  waiting?: readonly Mark[];
  /** A complete read of this turn or the last one; dropped when a POST leaves. */
  recent?: LaneRead;
  /** Rows in the list, as last stated. */
  rowCount?: number;
  /** When the lane had nothing left to send; the audit is due SETTLE later. */
  quietSinceMs?: number;
}

export interface UnknownMemory {
  /** When the last attempt was known to have ended, or this sender found it: SETTLE counts from here. */
  readonly endedMs: number;
  nextLookMs: number;
  failures: number;
  /** The gateway said what it has to say. */
  asked: boolean;
  /** Beginning of the first complete read that showed only some marks of the attempt. */
  contradictedMs?: number;
}

/** The way to Canvas is in doubt for the whole account: one probe decides, and no lane starts before. */
export interface Trouble {
  probeAtMs: number;
  failures: number;
}

export interface SenderMemory {
  epoch: number;
  turn: number;
  /** An attempt is armed, or about to be. */
  armed: boolean;
  /** Marks of the POST that is on its way. */
  sending: number;
  /** The last look at everything, and what of it may be out of date. */
  readonly surveyed: { atMs: number; tookMs: number; inPart: boolean; readonly lanes: Set<LaneId> };
  /** Lanes that are being prepared beside the POST of another, each until it is done. */
  readonly ahead: Map<LaneId, Promise<void>>;
  /** The batch that goes next, made ready while a POST was under way; whether it may still go, the arm finds out. */
  planned: (Parcel & { readonly epoch: number }) | undefined;
  /** Settles when the next batch is planned, or there is none. */
  planning: Promise<void> | undefined;
  lanes: Map<LaneId, LaneMemory>;
  unknown: Map<BatchId, UnknownMemory>;
  finding: Finding;
  trouble: Trouble | undefined;
  /** The account is throttled until then. */
  throttledUntilMs: number;
  throttles: number;
  stamp: HeldStamp | undefined;
  /** True when the last answer bore the mark of a gateway of §13. */
  gateway: boolean;
  clock: readonly ClockSample[];
  /** Offset as it stands in the store. */
  storedOffsetMs: number | undefined;
  /** When the next held mark is due. */
  releaseAtMs: number;
  /** Refusals in a row for an old epoch: after each the epoch is raised further. */
  oldEpochs: number;
}

export function createMemory(): SenderMemory {
  return {
    epoch: 0,
    turn: 0,
    armed: false,
    sending: 0,
    surveyed: { atMs: -Infinity, tookMs: 0, inPart: false, lanes: new Set() },
    ahead: new Map(),
    planned: undefined,
    planning: undefined,
    lanes: new Map(),
    unknown: new Map(),
    finding: 'unknown',
    trouble: { probeAtMs: 0, failures: 0 },
    throttledUntilMs: 0,
    throttles: 0,
    stamp: undefined,
    gateway: false,
    clock: [],
    storedOffsetMs: undefined,
    releaseAtMs: 0,
    oldEpochs: 0,
  };
}

export function laneMemory(memory: SenderMemory, lane: LaneId): LaneMemory {
  let found = memory.lanes.get(lane);
  if (found === undefined) {
    found = { notBeforeMs: 0, failures: 0, served: 0 };
    memory.lanes.set(lane, found);
  }
  return found;
}

export function unknownMemory(memory: SenderMemory, batch: BatchId, nowMs: number): UnknownMemory {
  let found = memory.unknown.get(batch);
  if (found === undefined) {
    found = { endedMs: nowMs, nextLookMs: nowMs, failures: 0, asked: false };
    memory.unknown.set(batch, found);
  }
  return found;
}

/** What is known of a lane's waiting marks: it holds for the epoch of the read that found them. */
export function waitingIn(memory: SenderMemory, lane: LaneId): readonly Mark[] {
  const { cover, waiting } = laneMemory(memory, lane);
  return (cover?.epoch === memory.epoch ? waiting : undefined) ?? [];
}

/** To be called when an attempt was armed: its marks wait no more. */
export function noLongerWaiting(memory: SenderMemory, lane: LaneId, marks: readonly Mark[]): void {
  const gone = new Set(marks.map((mark) => mark.seq));
  laneMemory(memory, lane).waiting = waitingIn(memory, lane).filter((mark) => !gone.has(mark.seq));
}

/** Something came out otherwise than planned: the next batch is planned by what the store says. */
export function forgetPlans(memory: SenderMemory, lane: LaneId): void {
  memory.planned = undefined;
  delete laneMemory(memory, lane).waiting;
}
