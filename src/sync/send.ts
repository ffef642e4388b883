import type { LaneId } from '#domain/ids.ts';
import { runAttempt } from './attempt.ts';
import { isFresh } from './fresh.ts';
import { laneMemory } from './memory.ts';
import { batchMaxWithoutGateway, readTtlMs } from './parameters.ts';
import { applyRows, readBefore, type ReadBefore } from './read-before.ts';
import { covers, type LaneRead } from './read.ts';
import type { Sender } from './sender.ts';
import { planBatch, type Plan } from './transitions/plan.ts';

/** How long a lane that looked busy and had nothing to send is left alone. */
const nothingToSendMs = 1_000;

/** Sends one batch of a lane (sync protocol 8.3, steps 1 and 3 to 7). */
export async function sendBatch(sender: Sender, laneId: LaneId): Promise<void> {
  const { memory } = sender;
  const plan = await sender.read(async (tx) => {
    const lane = await tx.lanes.get(laneId);
    const limit = lane?.batchLimit ?? 1;
    return planBatch(tx, laneId, memory.gateway ? limit : Math.min(limit, batchMaxWithoutGateway));
  });
  const assessment = plan?.lane.assessmentId;
  if (plan === undefined || assessment === undefined) {
    laneMemory(memory, laneId).notBeforeMs = sender.now() + nothingToSendMs;
    return;
  }
  const own = laneMemory(memory, laneId);
  const fresh = { cover: own.cover, stamp: memory.stamp };
  if (isFresh(plan.marks, fresh, { epoch: memory.epoch, monotonicMs: sender.now() })) {
    await runAttempt(sender, plan, { kind: 'fresh', fresh });
    return;
  }
  const { lane, marks } = plan;
  const before =
    (await reuse(sender, plan, own.recent)) ?? (await readBefore(sender, { lane, assessment, marks }));
  if (before === undefined) return;
  const left = marks.filter((mark) => !before.confirmed.has(mark.seq));
  if (left.length > 0)
    await runAttempt(sender, { ...plan, marks: left }, { kind: 'read', read: before.read });
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
