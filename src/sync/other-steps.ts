import { CanvasError, MissingError, PermissionError, RefusedError, SignedOutError } from '#canvas/errors.ts';
import type { LaneId, OutcomeId } from '#domain/ids.ts';
import type { Lane } from '#store/records.ts';
import { backoffMs } from './backoff.ts';
import { isAccountGate } from './gates.ts';
import { closingOf, doubtTheWay, noteFailure, noteSuccess } from './lane-failure.ts';
import { closeAfterRead } from './look.ts';
import { laneMemory } from './memory.ts';
import { isSignIn, isUnreachable } from './outcomes.ts';
import { courseOf, readRows } from './reader.ts';
import type { Sender } from './sender.ts';
import { keyOf } from './survey.ts';
import { applyRead } from './transitions/apply-read.ts';
import { closeGate, openGates, resolveLane } from './transitions/gate-steps.ts';

/**
 * Asks who is there and who is signed in. Only an answer in full, for this very account, opens the gates
 * `unreachable` and `auth`, and of those only the ones whose own time has come.
 * @returns true when a gate was opened
 */
export async function probe(sender: Sender): Promise<boolean> {
  const { deps, memory } = sender;
  try {
    const { value } = await sender.ask(() => deps.api.probe());
    if (value.signedInAs !== deps.account.user) {
      memory.finding = 'signed-out';
      stayInDoubt(sender);
      return false;
    }
  } catch (error) {
    if (!(error instanceof CanvasError)) throw error;
    stayInDoubt(sender, error.answer?.retryAfterMs);
    return false;
  }
  memory.trouble = undefined;
  const now = sender.now();
  return open(sender, (lane) => isAccountGate(lane.gate) && laneMemory(memory, lane.id).notBeforeMs <= now);
}

function stayInDoubt(sender: Sender, retryAfterMs = 0): void {
  const failures = (sender.memory.trouble?.failures ?? 0) + 1;
  const probeAtMs = sender.now() + backoffMs(failures, sender.deps.random, retryAfterMs);
  sender.memory.trouble = { failures, probeAtMs };
}

/** Time has opened the gate `throttle`, for all lanes at once. */
export function unthrottle(sender: Sender): Promise<boolean> {
  return open(sender, (lane) => lane.gate === 'throttle');
}

/** The hourly try behind a gate that only somebody in Canvas can open. */
export function retryLane(sender: Sender, id: LaneId): Promise<boolean> {
  laneMemory(sender.memory, id).notBeforeMs = 0;
  return open(sender, (lane) => lane.id === id);
}

async function open(sender: Sender, which: (lane: Lane) => boolean): Promise<boolean> {
  const { epoch } = sender.memory;
  const lanes = await sender.read((tx) => tx.lanes.all());
  if (!lanes.some(which)) return false;
  const at = sender.deps.clock.wallMs();
  await sender.write((tx) => openGates(tx, { epoch, at, which }));
  return true;
}

/**
 * Finds or creates a lane's assessment by its key, which is safe to repeat, and stores its id before any mark is sent.
 * @returns the lane from then on; undefined when it did not come about
 */
export async function resolve(sender: Sender, id: LaneId): Promise<Lane | undefined> {
  const { deps, memory } = sender;
  const lane = await sender.read((tx) => tx.lanes.get(id));
  if (lane === undefined) return undefined;
  const key = keyOf(id);
  const request = {
    course: courseOf(id),
    key,
    title: lane.title ?? key,
    ...(lane.outcomeId === undefined ? {} : { outcome: lane.outcomeId as OutcomeId }),
  };
  try {
    const { value } = await sender.ask(() => deps.api.findOrCreateAssessment(request));
    const at = deps.clock.wallMs();
    const found = { epoch: memory.epoch, lane: id, assessment: value.id, at };
    const resolved = await sender.write((tx) => resolveLane(tx, found));
    noteSuccess(sender, id);
    return resolved;
  } catch (error) {
    if (!(error instanceof CanvasError)) throw error;
    await notResolved(sender, id, error);
    return undefined;
  }
}

async function notResolved(sender: Sender, id: LaneId, error: CanvasError): Promise<void> {
  const reason = reasonOf(error);
  if (reason === undefined) {
    noteFailure(sender, id, error.answer?.retryAfterMs);
    if (isUnreachable(error) || error instanceof SignedOutError || isSignIn(error)) doubtTheWay(sender);
    return;
  }
  const closing = closingOf(sender, id, error instanceof MissingError ? 'missing' : 'unresolved', reason);
  const { epoch } = sender.memory;
  const at = sender.deps.clock.wallMs();
  await sender.write((tx) => closeGate(tx, { epoch, lane: id, closing, at }));
}

/** Why the assessment may not be made; undefined when it is only not made yet. */
function reasonOf(error: CanvasError): string | undefined {
  if (error instanceof RefusedError) return error.reason;
  if (error instanceof PermissionError) return 'permission';
  return error instanceof MissingError ? 'missing' : undefined;
}

/** Reads all students confirmed since the last audit, to find surplus rows (§9). */
export async function audit(sender: Sender, id: LaneId): Promise<void> {
  const lane = await sender.read((tx) => tx.lanes.get(id));
  if (lane?.assessmentId === undefined || lane.auditDue.length === 0) return;
  const target = { lane: id, assessment: lane.assessmentId, students: new Set(lane.auditDue) };
  const { read, error } = await readRows(sender, target);
  const { account, clock } = sender.deps;
  const { epoch } = sender.memory;
  await sender.write((tx) =>
    applyRead(tx, { epoch, read, assessor: account.user, at: clock.wallMs(), audit: true }),
  );
  const closed = error !== undefined && (await closeAfterRead(sender, lane, error));
  if (!read.complete && !closed) noteFailure(sender, id);
}
