import type { LaneId } from '#domain/ids.ts';
import type { GateName, Lane } from '#store/records.ts';
import { batchMaxMarks } from './parameters.ts';

export type ClosedGate = Exclude<GateName, 'open'>;

/** A lane as it begins: its assessment is not known to be in Canvas yet. */
export function newLane(id: LaneId, facts: Pick<Lane, 'title' | 'outcomeId'> = {}): Lane {
  return {
    id,
    gate: 'unresolved',
    failures: 0,
    refusals: 0,
    accepted: false,
    batchLimit: batchMaxMarks,
    auditDue: [],
    ...facts,
  };
}

/** Closes the gate of a lane. What it accepted before says nothing about what comes after. */
export function closedGate(
  lane: Lane,
  gate: ClosedGate,
  facts: { reason?: string; until?: number } = {},
): Lane {
  const { reason: _reason, until: _until, ...rest } = lane;
  return { ...rest, ...facts, gate, failures: lane.failures + 1 };
}

/** Opens the gate of a lane, as far as it goes: without an assessment id it is still `unresolved`. */
export function openedGate(lane: Lane): Lane {
  const { reason: _reason, until: _until, ...rest } = lane;
  const gate = lane.assessmentId === undefined ? 'unresolved' : 'open';
  return { ...rest, gate, refusals: 0, accepted: false };
}

/** Behind these gates what is UNKNOWN may still be looked for: reading is not what was refused. */
export function mayReadBehind(gate: GateName): boolean {
  return gate === 'open' || gate === 'permission' || gate === 'systemic' || gate === 'identity';
}

/** These gates say something about the account, not about one lane: one probe answers for all lanes. */
export function isAccountGate(gate: GateName): gate is 'auth' | 'unreachable' {
  return gate === 'auth' || gate === 'unreachable';
}

/** These gates are tried by themselves once an hour (§7), and at the teacher's word. */
export function isTriedHourly(lane: Lane): boolean {
  if (lane.gate === 'permission' || lane.gate === 'no-readback') return true;
  return mayNotBeCreated(lane);
}

/** Behind these gates marks stand until somebody acts. */
export function needsTeacher(lane: Lane): boolean {
  const { gate } = lane;
  return isTriedHourly(lane) || gate === 'missing' || gate === 'systemic' || gate === 'identity';
}

/** `unresolved` is how every lane begins; with a reason, Canvas refused to make the assessment. */
function mayNotBeCreated(lane: Lane): boolean {
  return lane.gate === 'unresolved' && lane.reason !== undefined;
}
