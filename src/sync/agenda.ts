import type { BatchId, LaneId } from '#domain/ids.ts';
import { isAccountGate, isTriedHourly, mayReadBehind } from './gates.ts';
import { laneMemory, unknownMemory, type SenderMemory } from './memory.ts';
import { idlePollMs, settleMs } from './parameters.ts';
import type { LaneWork, Survey } from './survey.ts';

/** The one thing a sender does next. */
export type Step =
  | { readonly kind: 'probe' }
  /** Time has opened the gate `throttle`. */
  | { readonly kind: 'unthrottle' }
  /** Time for the hourly try behind a closed gate. */
  | { readonly kind: 'retry'; readonly lane: LaneId }
  | { readonly kind: 'resolve'; readonly lane: LaneId }
  | { readonly kind: 'look'; readonly lane: LaneId; readonly batch: BatchId }
  | { readonly kind: 'send'; readonly lane: LaneId }
  | { readonly kind: 'audit'; readonly lane: LaneId }
  | { readonly kind: 'wait'; readonly ms: number };

/** A step of a lane, and when it is due. */
interface Due {
  readonly step: Step;
  readonly atMs: number;
}

/**
 * Decides what a sender does next. The account's own troubles come first; then the lane that has waited longest,
 * so that no lane delays another by more than one cycle (I13). Waiting for one batch holds up nothing else.
 */
export function nextStep(survey: Survey, memory: SenderMemory, nowMs: number): Step {
  if (memory.throttledUntilMs > nowMs) return { kind: 'wait', ms: memory.throttledUntilMs - nowMs };
  if (survey.lanes.some(({ lane }) => lane.gate === 'throttle')) return { kind: 'unthrottle' };
  const { trouble } = memory;
  if (trouble !== undefined && trouble.probeAtMs > nowMs)
    return { kind: 'wait', ms: trouble.probeAtMs - nowMs };
  if (trouble !== undefined) return { kind: 'probe' };

  let best: { due: Due; served: number } | undefined;
  let soonest = nowMs + idlePollMs;
  for (const work of survey.lanes) {
    if (memory.ahead.has(work.lane.id)) continue;
    const due = dueStep(work, memory, nowMs);
    if (due === undefined) continue;
    const { served } = laneMemory(memory, work.lane.id);
    // Lanes are being prepared beside the steps: those that are ready do not wait for those that are not.
    if (memory.ahead.size > 0 && wantsPreparing(due.step, memory)) continue;
    if (due.atMs > nowMs) soonest = Math.min(soonest, due.atMs);
    else if (best === undefined || served < best.served) best = { due, served };
  }
  return best?.due.step ?? { kind: 'wait', ms: soonest - nowMs };
}

/** The lane to prepare while a POST of another is under way: of those that need it, the one that has waited longest. */
export function laneToPrepare(survey: Survey, memory: SenderMemory, nowMs: number): LaneId | undefined {
  if (memory.trouble !== undefined || memory.throttledUntilMs > nowMs) return undefined;
  let best: { lane: LaneId; served: number } | undefined;
  for (const work of survey.lanes) {
    const { served } = laneMemory(memory, work.lane.id);
    const isTaken = served === memory.turn || memory.ahead.has(work.lane.id);
    // One that a step has changed since the survey is looked at anew first.
    const due = isTaken || memory.surveyed.lanes.has(work.lane.id) ? undefined : dueStep(work, memory, nowMs);
    if (due === undefined || due.atMs > nowMs || !wantsPreparing(due.step, memory)) continue;
    if (best === undefined || served < best.served) best = { lane: work.lane.id, served };
  }
  return best?.lane;
}

/** The lane has no assessment yet, or no read of this epoch that would let its batches be fresh. */
export function wantsPreparing(step: Step, memory: SenderMemory): boolean {
  if (step.kind === 'resolve') return true;
  return step.kind === 'send' && laneMemory(memory, step.lane).cover?.epoch !== memory.epoch;
}

/** What one lane wants next, the earliest first. */
function dueStep(work: LaneWork, memory: SenderMemory, nowMs: number): Due | undefined {
  const { lane } = work;
  const own = laneMemory(memory, lane.id);
  const wants: Due[] = [];
  const busy = work.queued || work.unknown.length > 0;
  const wanted = busy || lane.auditDue.length > 0;

  if (wanted && isAccountGate(lane.gate)) wants.push({ step: { kind: 'probe' }, atMs: own.notBeforeMs });
  if (wanted && isTriedHourly(lane))
    wants.push({ step: { kind: 'retry', lane: lane.id }, atMs: own.notBeforeMs });
  else if (busy && lane.gate === 'unresolved')
    wants.push({ step: { kind: 'resolve', lane: lane.id }, atMs: own.notBeforeMs });
  if (lane.gate === 'open' && work.queued)
    wants.push({ step: { kind: 'send', lane: lane.id }, atMs: own.notBeforeMs });

  if (mayReadBehind(lane.gate) && lane.assessmentId !== undefined) {
    for (const batch of work.unknown) {
      const { nextLookMs } = unknownMemory(memory, batch.id, nowMs);
      wants.push({ step: { kind: 'look', lane: lane.id, batch: batch.id }, atMs: nextLookMs });
    }
    if (lane.auditDue.length > 0 && !busy && !work.held) {
      own.quietSinceMs ??= nowMs;
      const atMs = Math.max(own.quietSinceMs + settleMs, own.notBeforeMs);
      wants.push({ step: { kind: 'audit', lane: lane.id }, atMs });
    } else delete own.quietSinceMs;
  }
  return wants.reduce<Due | undefined>((a, b) => (a === undefined || b.atMs < a.atMs ? b : a), undefined);
}
