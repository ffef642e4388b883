import type { AccountId, AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import { systemRandom } from '#lib/random.ts';
import { openAccountStore, type AccountStore } from '#store/account-store.ts';
import type { Tap } from '#store/mark-actions.ts';

/** Milliseconds of each save, in turns. */
export interface FullStoreTimes {
  readonly full: number[];
  readonly empty: number[];
}

declare global {
  var measureFullStore: (size: { marks: number; rounds: number }) => Promise<FullStoreTimes>;
}

const nineOClock = Date.UTC(2026, 10, 23, 9);
const warmUp = 50;

/** The same tap into a store that is full of marks and into one that has next to none. */
globalThis.measureFullStore = async ({ marks, rounds }) => {
  const full = await openAccountStore('bench/full' as AccountId);
  const empty = await openAccountStore('bench/empty' as AccountId);
  for (let from = 0; from < marks; from += 500)
    await full.marks.createAll(Array.from({ length: 500 }, (_, n) => tap(from + n)));
  const times: FullStoreTimes = { full: [], empty: [] };
  for (let n = 0; n < warmUp + rounds; n += 1) {
    const fullMs = await save(full, marks + n);
    const emptyMs = await save(empty, marks + n);
    if (n < warmUp) continue;
    times.full.push(fullMs);
    times.empty.push(emptyMs);
  }
  return times;
};

async function save(store: AccountStore, n: number): Promise<number> {
  // No teacher taps without a breath, and what follows a write must not be counted as the next one's.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const started = performance.now();
  await store.marks.create(tap(n));
  return performance.now() - started;
}

function tap(n: number): Tap {
  return {
    id: systemRandom.uuid() as MarkId,
    course: '1' as CourseId,
    assessmentKey: `2026-11-23,outcome_${n % 40}` as AssessmentKey,
    student: String(1000 + (n % 220)) as UserId,
    passed: n % 3 !== 0,
    tappedAt: nineOClock + n * 1000,
    holdMs: 120_000,
  };
}
