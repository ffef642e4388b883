import { CanvasError, NetworkError, ThrottledError, TimeoutError } from '#canvas/errors.ts';
import type { BatchId, LaneId, UserId } from '#domain/ids.ts';
import type { Attempt, Batch, Lane } from '#store/records.ts';
import { backoffMs } from './backoff.ts';
import { closingOf, doubtTheWay } from './lane-failure.ts';
import { laneMemory, unknownMemory, type UnknownMemory } from './memory.ts';
import { isUnreachable, judgeReadError } from './outcomes.ts';
import { presenceReadsMs, settleMs } from './parameters.ts';
import { readRows, type ReadResult } from './reader.ts';
import type { Sender } from './sender.ts';
import { applyRead, type ReadEffect } from './transitions/apply-read.ts';
import { closeGate } from './transitions/gate-steps.ts';
import { lastAttempt, trustVouching } from './transitions/judge-absence.ts';

/**
 * Looks for an unknown batch once (sync protocol 8.3, step 2): asks the gateway, then reads. What is there is
 * confirmed at any time; what is not there goes back to the queue only after SETTLE, or by the gateway's word.
 */
export async function lookForBatch(sender: Sender, laneId: LaneId, id: BatchId): Promise<void> {
  const found = await sender.read(async (tx) => {
    const batch = await tx.batches.get(id);
    const lane = await tx.lanes.get(laneId);
    if (batch?.state !== 'unknown' || lane === undefined) return undefined;
    const marks = await tx.marks.getMany(batch.marks);
    const students = new Set(marks.map((mark) => mark.student));
    return { batch, lane, students, attempt: lastAttempt(await tx.attempts.ofBatch(id)) };
  });
  if (found === undefined) {
    sender.memory.unknown.delete(id);
    return;
  }
  const memory = unknownMemory(sender.memory, id, sender.now());
  const said = found.attempt === undefined ? 'nothing' : await askGateway(sender, found.attempt, memory);
  if (said === 'vouched') sender.memory.unknown.delete(id);
  else if (said === 'nothing') await readForBatch(sender, found, memory);
}

/**
 * @returns `vouched` when the gateway has promised that the attempt never was and never will be forwarded;
 *   `no-way` when it could not be reached, so that a read would not come through either
 */
async function askGateway(
  sender: Sender,
  attempt: Attempt,
  memory: UnknownMemory,
): Promise<'vouched' | 'nothing' | 'no-way'> {
  if (memory.asked || attempt.stamp === undefined) return 'nothing';
  const { id, stamp } = attempt;
  try {
    const { value } = await sender.ask(() => sender.deps.api.inquire({ id, stamp }));
    memory.asked = value.knows !== 'running';
    if (value.knows !== 'never-forwarded') return 'nothing';
  } catch (error) {
    if (!(error instanceof CanvasError)) throw error;
    if (!(error instanceof NetworkError) && !(error instanceof TimeoutError)) return 'nothing';
    postpone(sender, memory, error);
    return 'no-way';
  }
  const { epoch } = sender.memory;
  const at = sender.deps.clock.wallMs();
  const vouched = await sender.write((tx) => trustVouching(tx, { epoch, attempt, at }));
  return vouched ? 'vouched' : 'nothing';
}

async function readForBatch(
  sender: Sender,
  found: { readonly batch: Batch; readonly lane: Lane; readonly students: ReadonlySet<UserId> },
  memory: UnknownMemory,
): Promise<void> {
  const { batch, lane, students } = found;
  if (lane.assessmentId === undefined) return;
  const { deps } = sender;
  const result = await readRows(sender, { lane: lane.id, assessment: lane.assessmentId, students });
  const { read } = result;
  const effect = await sender.write((tx) =>
    applyRead(tx, {
      epoch: sender.memory.epoch,
      read,
      assessor: deps.account.user,
      at: deps.clock.wallMs(),
      judge: {
        batch: batch.id,
        settled: read.beganMs - memory.endedMs >= settleMs,
        contradictedBefore:
          memory.contradictedMs !== undefined && read.beganMs - memory.contradictedMs >= settleMs,
        newBatch: () => deps.random.uuid() as BatchId,
      },
    }),
  );
  if (read.complete) laneMemory(sender.memory, lane.id).recent = read;
  await afterLook(sender, { batch, lane, result, effect }, memory);
}

async function afterLook(
  sender: Sender,
  look: { batch: Batch; lane: Lane; result: ReadResult; effect: ReadEffect },
  memory: UnknownMemory,
): Promise<void> {
  const { absence } = look.effect;
  if (absence === 'resolved' || absence === 'absent' || absence === 'isolated') {
    sender.memory.unknown.delete(look.batch.id);
    return;
  }
  const { read, error } = look.result;
  if (absence === 'contradiction') memory.contradictedMs ??= read.beganMs;
  if (error === undefined) scheduleLook(sender, memory, read.complete);
  else {
    postpone(sender, memory, error);
    await closeAfterRead(sender, look.lane, error);
  }
}

/** The next of PRESENCE_READS; after the last one SETTLE, and after that with back-off. */
function scheduleLook(sender: Sender, memory: UnknownMemory, complete: boolean): void {
  const now = sender.now();
  const settledAt = Math.max(memory.endedMs, memory.contradictedMs ?? 0) + settleMs;
  const looks = presenceReadsMs.map((ms) => memory.endedMs + ms).filter((at) => at > now);
  if (complete) memory.failures = 0;
  else memory.failures += 1;
  if (settledAt > now) memory.nextLookMs = Math.min(settledAt, ...looks);
  else memory.nextLookMs = now + backoffMs(memory.failures, sender.deps.random);
}

/** A look that failed on its way is not counted as one. */
function postpone(sender: Sender, memory: UnknownMemory, error: CanvasError): void {
  memory.failures += 1;
  const retryAfterMs = error instanceof ThrottledError ? error.answer?.retryAfterMs : undefined;
  memory.nextLookMs = sender.now() + backoffMs(memory.failures, sender.deps.random, retryAfterMs);
  if (isUnreachable(error) || judgeReadError(error) === 'auth') doubtTheWay(sender);
}

/**
 * What a failed read means for its lane: a gate where §7 names one, else only a later try. A gate that is closed
 * already stays as it is: whoever opens it must not open less than was closed.
 * @returns true when a gate was closed, and with it the next try put off
 */
export async function closeAfterRead(sender: Sender, lane: Lane, error: CanvasError): Promise<boolean> {
  const gate = judgeReadError(error);
  if (gate === undefined || lane.gate !== 'open') return false;
  const closing = closingOf(sender, lane.id, gate);
  const { epoch } = sender.memory;
  const at = sender.deps.clock.wallMs();
  await sender.write((tx) => closeGate(tx, { epoch, lane: lane.id, closing, at }));
  return true;
}
