import { resultsBody } from '#canvas/body.ts';
import type { LaneId } from '#domain/ids.ts';
import { batchMaxWithoutGateway } from './parameters.ts';
import type { Sender } from './sender.ts';
import { planBatch, type Plan } from './transitions/plan.ts';

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

export async function parcelOf(sender: Sender, plan: Plan): Promise<Parcel> {
  const body = resultsBody(plan.marks);
  return { plan, body, bodyHash: await sender.deps.hash(body) };
}
