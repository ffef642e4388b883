import type { Clock } from '#lib/clock.ts';
import { needsTeacher } from './gates.ts';
import type { SenderMemory } from './memory.ts';
import type { Role, SyncFacts } from './status.ts';
import type { Survey } from './survey.ts';

/** Everything the status is derived from, put together from the last survey and what the sender remembers. */
export function factsOf(
  survey: Survey | undefined,
  memory: Pick<SenderMemory, 'finding' | 'throttledUntilMs' | 'sending'> | undefined,
  own: { readonly role: Role; readonly storageFailed: boolean; readonly releaseAt: number | undefined },
  clock: Clock,
): SyncFacts {
  const waiting = survey?.lanes.filter((work) => work.queued || work.unknown.length > 0) ?? [];
  const stuck = waiting.filter((work) => needsTeacher(work.lane));
  const throttledForMs = (memory?.throttledUntilMs ?? 0) - clock.monotonicMs();
  const inflight = survey?.counts.INFLIGHT ?? 0;
  // The survey is of before the arm: what is on its way now was still queued.
  const sending = Math.max(0, (memory?.sending ?? 0) - inflight);
  return {
    role: own.role,
    held: survey?.counts.HELD ?? 0,
    queued: Math.max(0, (survey?.counts.QUEUED ?? 0) - sending),
    inflight: inflight + sending,
    unknown: survey?.counts.UNKNOWN ?? 0,
    confirmed: survey?.counts.CONFIRMED ?? 0,
    refused: survey?.refused ?? 0,
    stuckLanes: stuck.length,
    movingLanes: waiting.length - stuck.length,
    ...(own.releaseAt === undefined ? {} : { releaseAt: own.releaseAt }),
    ...(survey?.confirmedAt === undefined ? {} : { confirmedAt: survey.confirmedAt }),
    ...(throttledForMs > 0 ? { throttledUntil: Math.round(clock.wallMs() + throttledForMs) } : {}),
    finding: memory?.finding ?? 'unknown',
    storageFailed: own.storageFailed,
  };
}
