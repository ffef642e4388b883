import type { AssessmentId, LaneId } from '#domain/ids.ts';
import type { SyncTx } from '#store/port.ts';
import type { GateName, Lane } from '#store/records.ts';
import { closedGate, openedGate } from '../gates.ts';
import type { GateClosing } from './end-attempt.ts';
import { checkEpoch, laneAt, note } from './guard.ts';

/**
 * Closes the gate of a lane after a read, or the making of its assessment, was refused. One that was closed meanwhile
 * stays as it is: whoever opens it must not open less than was closed.
 */
export async function closeGate(
  tx: SyncTx,
  facts: { epoch: number; lane: LaneId; closing: GateClosing; at: number },
): Promise<Lane> {
  await checkEpoch(tx, facts.epoch);
  const { gate, ...why } = facts.closing;
  const found = await laneAt(tx, facts.lane);
  if (found.gate !== 'open' && found.gate !== 'unresolved') return found;
  const lane = closedGate(found, gate, why);
  await tx.lanes.put(lane);
  await note(tx, facts.at, `gate ${gate}`, { lane: lane.id });
  return lane;
}

/** Opens the gates that `which` chooses. @returns the lanes that were opened */
export async function openGates(
  tx: SyncTx,
  facts: { epoch: number; at: number; which: (lane: Lane) => boolean },
): Promise<Lane[]> {
  await checkEpoch(tx, facts.epoch);
  const opened = (await tx.lanes.all()).filter(facts.which).map(openedGate);
  for (const lane of opened) {
    await tx.lanes.put(lane);
    await note(tx, facts.at, `gate ${lane.gate}`, { lane: lane.id });
  }
  return opened;
}

/** Stores the id of a lane's assessment before any mark is sent to it. A gate that was closed meanwhile stays closed. */
export async function resolveLane(
  tx: SyncTx,
  facts: { epoch: number; lane: LaneId; assessment: AssessmentId; at: number },
): Promise<Lane> {
  await checkEpoch(tx, facts.epoch);
  const found = await laneAt(tx, facts.lane);
  const known: Lane = { ...found, assessmentId: facts.assessment, failures: 0 };
  const lane = found.gate === 'unresolved' ? openedGate(known) : known;
  await tx.lanes.put(lane);
  await note(tx, facts.at, `gate ${lane.gate}`, { lane: lane.id });
  return lane;
}

/** The teacher, or support, asks for another try. Any tab may; the sender checks the gate at its next arm. */
export async function retryGate(tx: SyncTx, facts: { lane: LaneId; at: number }): Promise<GateName> {
  const lane = openedGate(await laneAt(tx, facts.lane));
  await tx.lanes.put({ ...lane, failures: 0 });
  await note(tx, facts.at, 'gate retried', { lane: lane.id });
  return lane.gate;
}
