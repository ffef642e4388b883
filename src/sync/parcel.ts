import { resultsBody } from '#canvas/body.ts';
import type { LaneId } from '#domain/ids.ts';
import type { Lane } from '#store/records.ts';
import { chooseBatch } from './batch-formation.ts';
import { waitingIn, type SenderMemory } from './memory.ts';
import { batchMaxWithoutGateway } from './parameters.ts';
import type { Sender } from './sender.ts';
import { planBatch, planWindow, type Plan } from './transitions/plan.ts';

/** A batch as it would be sent. */
export interface Parcel {
  readonly plan: Plan;
  readonly body: string;
  /** SHA-256, hex. */
  readonly bodyHash: string;
}

/** What a lane would send next. @returns undefined when nothing waits */
export function planLane(sender: Sender, id: LaneId): Promise<Plan | undefined> {
  const { gateway } = sender.memory;
  return sender.read(async (tx) => {
    const limit = (await tx.lanes.get(id))?.batchLimit ?? 1;
    return planBatch(tx, id, gateway ? limit : Math.min(limit, batchMaxWithoutGateway));
  });
}

/**
 * The same for a lane behind a gateway, by what its cover found waiting and with nothing read: a plan is a proposal,
 * and the arm looks at every mark of it anew.
 * @returns undefined when that is used up, or was never known
 */
export function planFromMemory(memory: SenderMemory, lane: Lane): Plan | undefined {
  const waiting = waitingIn(memory, lane.id);
  const marks = chooseBatch(waiting.slice(0, planWindow * lane.batchLimit), { marks: lane.batchLimit });
  return marks.length === 0 ? undefined : { lane, marks };
}

export async function parcelOf(sender: Sender, plan: Plan): Promise<Parcel> {
  const body = resultsBody(plan.marks);
  return { plan, body, bodyHash: await sender.deps.hash(body) };
}
