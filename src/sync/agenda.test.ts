import { describe, expect, it } from 'vitest';
import type { BatchId, LaneId, UserId } from '#domain/ids.ts';
import type { Batch, GateName, Lane } from '#store/records.ts';
import { nextStep } from './agenda.ts';
import { newLane } from './gates.ts';
import { createMemory, laneMemory, unknownMemory, type SenderMemory } from './memory.ts';
import { settleMs } from './parameters.ts';
import type { LaneWork, Survey } from './survey.ts';

const ready = (): SenderMemory => ({ ...createMemory(), trouble: undefined });
const lane = (id: string, changes: Partial<Lane> = {}): Lane => ({
  ...newLane(id as LaneId),
  gate: 'open',
  assessmentId: '5' as never,
  ...changes,
});
const work = (id: string, changes: Partial<LaneWork> = {}, of: Partial<Lane> = {}): LaneWork => ({
  lane: lane(id, of),
  queued: true,
  held: false,
  unknown: [],
  ...changes,
});
const survey = (...lanes: LaneWork[]): Survey => ({
  lanes,
  counts: { HELD: 0, QUEUED: 0, INFLIGHT: 0, UNKNOWN: 0, CONFIRMED: 0 },
  refused: 0,
  bare: [],
});
const batch = (id: string): Batch => ({
  id: id as BatchId,
  lane: 'a' as LaneId,
  marks: [1],
  state: 'unknown',
  absentCount: 0,
});

describe('what a sender does next', () => {
  it('probes first, and starts nothing while the way to Canvas is in doubt', () => {
    const memory = createMemory();
    expect(nextStep(survey(work('a')), memory, 0)).toEqual({ kind: 'probe' });
    memory.trouble = { probeAtMs: 500, failures: 1 };
    expect(nextStep(survey(work('a')), memory, 100)).toEqual({ kind: 'wait', ms: 400 });
  });

  it('serves the lane that has waited longest, so that none delays another by more than a cycle', () => {
    const memory = ready();
    const lanes = survey(work('a'), work('b'), work('c'));
    const served: string[] = [];
    for (let turn = 1; turn <= 6; turn += 1) {
      const step = nextStep(lanes, memory, 0);
      if (!('lane' in step)) throw new Error('a lane was due');
      laneMemory(memory, step.lane).served = turn;
      served.push(step.lane);
    }
    expect(served).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('waits for SETTLE of one batch without holding up another batch or lane', () => {
    const memory = ready();
    unknownMemory(memory, 'one' as BatchId, 0).nextLookMs = settleMs;
    const waiting = work('a', { unknown: [batch('one')] });
    expect(nextStep(survey(waiting), memory, 10)).toEqual({ kind: 'send', lane: 'a' });
    laneMemory(memory, 'a' as LaneId).served = 1;
    expect(nextStep(survey(waiting, work('b')), memory, 10)).toEqual({ kind: 'send', lane: 'b' });
    const alone = work('a', { queued: false, unknown: [batch('one')] });
    expect(nextStep(survey(alone), memory, settleMs)).toEqual({ kind: 'look', lane: 'a', batch: 'one' });
  });

  it('sends nothing behind a closed gate', () => {
    const gates: GateName[] = [
      'permission',
      'no-readback',
      'missing',
      'systemic',
      'identity',
      'auth',
      'unreachable',
    ];
    for (const gate of gates) {
      const memory = ready();
      laneMemory(memory, 'a' as LaneId).notBeforeMs = 1_000;
      expect(nextStep(survey(work('a', {}, { gate })), memory, 0).kind).toBe('wait');
    }
  });

  it('looks for what is unknown also behind a gate that refuses only sending', () => {
    const unknown = { queued: false, unknown: [batch('one')] };
    for (const gate of ['permission', 'systemic', 'identity'] as const) {
      const memory = ready();
      laneMemory(memory, 'a' as LaneId).notBeforeMs = 1_000;
      expect(nextStep(survey(work('a', unknown, { gate })), memory, 0).kind).toBe('look');
    }
    const memory = ready();
    laneMemory(memory, 'a' as LaneId).notBeforeMs = 1_000;
    expect(nextStep(survey(work('a', unknown, { gate: 'no-readback' })), memory, 0).kind).toBe('wait');
  });

  it('stops the whole account while it is throttled', () => {
    const memory = { ...ready(), throttledUntilMs: 30_000 };
    const closed = survey(work('a', {}, { gate: 'throttle' }), work('b'));
    expect(nextStep(closed, memory, 1_000)).toEqual({ kind: 'wait', ms: 29_000 });
    expect(nextStep(closed, memory, 30_000)).toEqual({ kind: 'unthrottle' });
  });

  it('finds an assessment before it sends, and asks again after an hour when it may not be made', () => {
    const bare = work('a', {}, { gate: 'unresolved' });
    expect(nextStep(survey(bare), ready(), 0)).toEqual({ kind: 'resolve', lane: 'a' });
    const refused = work('a', {}, { gate: 'unresolved', reason: 'permission' });
    expect(nextStep(survey(refused), ready(), 0)).toEqual({ kind: 'retry', lane: 'a' });
  });

  it('audits a lane SETTLE after it has nothing left to send', () => {
    const memory = ready();
    const done = work('a', { queued: false }, { auditDue: ['101' as UserId] });
    expect(nextStep(survey(done), memory, 1_000).kind).toBe('wait');
    expect(nextStep(survey(work('a', {}, { auditDue: ['101' as UserId] })), memory, 60_000).kind).toBe(
      'send',
    );
    expect(nextStep(survey(done), memory, 61_000).kind).toBe('wait');
    expect(nextStep(survey(done), memory, 61_000 + settleMs)).toEqual({ kind: 'audit', lane: 'a' });
  });
});
