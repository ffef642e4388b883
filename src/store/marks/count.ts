import type { MarkState } from '#domain/mark.ts';
import type { SyncTx } from '../port.ts';

export const markStates = [
  'HELD',
  'QUEUED',
  'INFLIGHT',
  'UNKNOWN',
  'CONFIRMED',
  'REJECTED',
  'WITHDRAWN',
  'HANDED_OVER',
] as const satisfies readonly MarkState[];

/** How many marks stand where. The sum over the eight states is all that were ever made here (I7). */
export async function countMarks(tx: SyncTx): Promise<Record<MarkState, number>> {
  const counts = await Promise.all(markStates.map((state) => tx.marks.countByState(state)));
  return Object.fromEntries(markStates.map((state, n) => [state, counts[n] ?? 0])) as Record<
    MarkState,
    number
  >;
}
