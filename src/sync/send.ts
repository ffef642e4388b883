import type { AssessmentId, LaneId, UserId } from '#domain/ids.ts';
import { openStates } from '#domain/mark.ts';
import { runAttempt } from './attempt.ts';
import { coverOf, isFresh } from './fresh.ts';
import { noteFailure } from './lane-failure.ts';
import { closeAfterRead } from './look.ts';
import { laneMemory } from './memory.ts';
import { batchMaxWithoutGateway, readTtlMs } from './parameters.ts';
import { covers, type LaneRead } from './read.ts';
import { readRows } from './reader.ts';
import type { Sender } from './sender.ts';
import { applyRead } from './transitions/apply-read.ts';
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
  const read = reusable(sender, plan, own.recent) ?? (await readBefore(sender, plan, assessment));
  if (read === undefined) return;
  const left = await settlePresent(sender, plan, read);
  if (left.marks.length > 0) await runAttempt(sender, left, { kind: 'read', read });
}

/** The read that has just found a batch absent serves to send it. One made before a POST of the lane never does. */
function reusable(sender: Sender, plan: Plan, read: LaneRead | undefined): LaneRead | undefined {
  if (read?.complete !== true || read.epoch !== sender.memory.epoch) return undefined;
  if (sender.now() - read.endedMs > readTtlMs / 2) return undefined;
  return plan.marks.every((mark) => covers(read.students, mark.student)) ? read : undefined;
}

/** The complete read before a send. Where batches can be fresh, the first of an epoch covers the whole lane. */
async function readBefore(
  sender: Sender,
  plan: Plan,
  assessment: AssessmentId,
): Promise<LaneRead | undefined> {
  const { memory } = sender;
  const laneId = plan.lane.id;
  const own = laneMemory(memory, laneId);
  const students = new Set(plan.marks.map((mark) => mark.student));
  const whole = memory.gateway && own.cover?.epoch !== memory.epoch;
  const open = whole ? await openMarks(sender, laneId) : undefined;
  for (const student of open?.students ?? []) students.add(student);

  const { read, error } = await readRows(sender, { lane: laneId, assessment, students });
  if (read.complete) {
    own.recent = read;
    if (open !== undefined) {
      const cover = coverOf(read, open);
      if (cover !== undefined) own.cover = cover;
    }
    return read;
  }
  await applyRows(sender, read);
  const closed = error !== undefined && (await closeAfterRead(sender, plan.lane, error));
  if (!closed) noteFailure(sender, laneId);
  return undefined;
}

/** Whose marks are open in a lane, and the newest of them. */
async function openMarks(
  sender: Sender,
  lane: LaneId,
): Promise<{ students: ReadonlySet<UserId>; throughSeq: number }> {
  const found = await sender.read((tx) =>
    Promise.all(openStates.map((state) => tx.marks.byLaneAndState(lane, state))),
  );
  const marks = found.flat();
  return {
    students: new Set(marks.map((mark) => mark.student)),
    throughSeq: marks.reduce((highest, mark) => Math.max(highest, mark.seq), 0),
  };
}

/** Confirms what the read shows (8.3, step 4). @returns the plan without it */
async function settlePresent(sender: Sender, plan: Plan, read: LaneRead): Promise<Plan> {
  const gone = new Set(await applyRows(sender, read));
  return gone.size === 0 ? plan : { ...plan, marks: plan.marks.filter((mark) => !gone.has(mark.seq)) };
}

/** @returns `seq` of the marks that were confirmed */
async function applyRows(sender: Sender, read: LaneRead): Promise<readonly number[]> {
  if (read.rows.length === 0) return [];
  const { epoch } = sender.memory;
  const { account, clock } = sender.deps;
  const { confirmed } = await sender.write((tx) =>
    applyRead(tx, { epoch, read, assessor: account.user, at: clock.wallMs() }),
  );
  return confirmed;
}
