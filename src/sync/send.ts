import type { LaneId } from '#domain/ids.ts';
import { runAttempt } from './attempt.ts';
import { isFresh } from './fresh.ts';
import { forgetPlans, laneMemory } from './memory.ts';
import { noteFailure } from './lane-failure.ts';
import { readTtlMs } from './parameters.ts';
import { parcelOf, planLane } from './parcel.ts';
import { applyRows, readBefore, type ReadBefore } from './read-before.ts';
import { covers, type LaneRead } from './read.ts';
import type { Sender } from './sender.ts';
import type { ArmBasis } from './transitions/arm.ts';
import type { Plan } from './transitions/plan.ts';

/** How long a lane that looked busy and had nothing to send is left alone. */
const nothingToSendMs = 1_000;

/** Sends one batch of a lane (sync protocol 8.3, steps 1 and 3 to 7). */
export async function sendBatch(sender: Sender, laneId: LaneId): Promise<void> {
  if (await sendPlanned(sender, laneId)) return;
  if (!(await sendAsStored(sender, laneId))) forgetPlans(sender.memory, laneId);
}

/** @returns true when an attempt was made */
async function sendAsStored(sender: Sender, laneId: LaneId): Promise<boolean> {
  const { memory } = sender;
  const plan = await planLane(sender, laneId);
  const assessment = plan?.lane.assessmentId;
  if (plan === undefined || assessment === undefined) {
    laneMemory(memory, laneId).notBeforeMs = sender.now() + nothingToSendMs;
    return false;
  }
  const fresh = freshBasis(sender, plan);
  if (fresh !== undefined) return attempt(sender, plan, fresh);
  const { lane, marks } = plan;
  const before =
    (await reuse(sender, plan, laneMemory(memory, laneId).recent)) ??
    (await readBefore(sender, { lane, assessment, marks }));
  if (before === undefined) return false;
  const left = marks.filter((mark) => !before.confirmed.has(mark.seq));
  return left.length > 0 && attempt(sender, { ...plan, marks: left }, { kind: 'read', read: before.read });
}

async function attempt(sender: Sender, plan: Plan, basis: ArmBasis): Promise<boolean> {
  const end = await runAttempt(sender, await parcelOf(sender, plan), basis);
  // Planned anew, and not at once, should it be something that stays.
  if (end === 'stale') noteFailure(sender, plan.lane.id);
  return end === 'ended';
}

/** Sends what was made ready beside the last POST, if it may still go. @returns true when an attempt was made */
async function sendPlanned(sender: Sender, laneId: LaneId): Promise<boolean> {
  const { memory } = sender;
  const { planned } = memory;
  memory.planned = undefined;
  if (planned?.plan.lane.id !== laneId || planned.epoch !== memory.epoch) return false;
  const fresh = freshBasis(sender, planned.plan);
  return fresh !== undefined && (await runAttempt(sender, planned, fresh)) === 'ended';
}

function freshBasis(sender: Sender, { lane, marks }: Plan): ArmBasis | undefined {
  const { memory } = sender;
  const fresh = { cover: laneMemory(memory, lane.id).cover, stamp: memory.stamp };
  const now = { epoch: memory.epoch, monotonicMs: sender.now() };
  return isFresh(marks, fresh, now) ? { kind: 'fresh', fresh } : undefined;
}

/** The read that has just found a batch absent serves to send it. One made before a POST of the lane never does. */
async function reuse(
  sender: Sender,
  plan: Plan,
  read: LaneRead | undefined,
): Promise<ReadBefore | undefined> {
  if (read?.complete !== true || read.epoch !== sender.memory.epoch) return undefined;
  if (sender.now() - read.endedMs > readTtlMs / 2) return undefined;
  if (!plan.marks.every((mark) => covers(read.students, mark.student))) return undefined;
  return { read, confirmed: new Set(await applyRows(sender, read)) };
}
