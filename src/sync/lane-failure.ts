import type { LaneId } from '#domain/ids.ts';
import { backoffMs } from './backoff.ts';
import { isAccountGate, type ClosedGate } from './gates.ts';
import { laneMemory } from './memory.ts';
import { hourlyProbeMs } from './parameters.ts';
import type { Sender } from './sender.ts';
import type { GateClosing } from './transitions/end-attempt.ts';

/** Counts a failed cycle of a lane, and puts its next one off. @returns monotonic ms of the next try */
export function noteFailure(sender: Sender, lane: LaneId, retryAfterMs = 0): number {
  const memory = laneMemory(sender.memory, lane);
  memory.failures += 1;
  memory.notBeforeMs = sender.now() + backoffMs(memory.failures, sender.deps.random, retryAfterMs);
  return memory.notBeforeMs;
}

export function noteSuccess(sender: Sender, lane: LaneId): void {
  const memory = laneMemory(sender.memory, lane);
  memory.failures = 0;
  memory.notBeforeMs = 0;
}

/** The way to Canvas is in doubt: the next thing is a probe, and at once if this is the first sign. */
export function doubtTheWay(sender: Sender): void {
  sender.memory.trouble ??= { probeAtMs: sender.now(), failures: 0 };
}

/** What it takes to close a lane's gate: when it is tried again by itself, and what the account learns from it. */
export function closingOf(sender: Sender, lane: LaneId, gate: ClosedGate, reason?: string): GateClosing {
  const { clock } = sender.deps;
  const why = reason === undefined ? {} : { reason };
  if (gate === 'throttle') {
    const waitMs = Math.max(0, sender.memory.throttledUntilMs - sender.now());
    return { gate, ...why, until: clock.wallMs() + waitMs };
  }
  const again = noteFailure(sender, lane);
  if (isAccountGate(gate)) {
    doubtTheWay(sender);
    return { gate, ...why, until: clock.wallMs() + again - sender.now() };
  }
  if (gate === 'permission' || gate === 'no-readback' || gate === 'unresolved') {
    laneMemory(sender.memory, lane).notBeforeMs = sender.now() + hourlyProbeMs;
    return { gate, ...why, until: clock.wallMs() + hourlyProbeMs };
  }
  return { gate, ...why };
}
