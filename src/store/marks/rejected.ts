import type { MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { SyncStore, SyncTx } from '../port.ts';
import { addMark } from './create.ts';
import { withThreeTries } from './three-tries.ts';

/** What the teacher decided about a mark that Canvas refused (sync protocol §11). */
export type Decision =
  | { readonly kind: 'retried'; readonly newId: MarkId }
  | { readonly kind: 'reassigned'; readonly newId: MarkId; readonly student: UserId }
  | { readonly kind: 'discarded'; readonly reason: string };

export interface Resolved {
  readonly rejected: Mark;
  /** The new mark of `retried` and `reassigned`; the time of the observation stays. */
  readonly mark?: Mark;
}

/** True while a refused mark waits for the teacher. */
export function needsTeacher(mark: Pick<Mark, 'state' | 'resolution'>): boolean {
  return mark.state === 'REJECTED' && mark.resolution === undefined;
}

/**
 * Settles a refused mark, in one transaction: it stays REJECTED and says what became of it; trying again and
 * giving it to another student each make a new mark, due at once.
 * @returns undefined when it does not wait for a decision (any more)
 * @throws StorageError
 */
export async function resolveRejected(
  store: SyncStore,
  seq: number,
  decision: Decision,
  now: number,
): Promise<Resolved | undefined> {
  return withThreeTries(() =>
    store.write(async (tx) => {
      const mark = await tx.marks.get(seq);
      if (mark === undefined || !needsTeacher(mark)) return undefined;
      const fresh = await freshMark(tx, mark, decision, now);
      const note = decision.kind === 'discarded' ? decision.reason : String(fresh?.id ?? '');
      const rejected = { ...mark, resolution: { kind: decision.kind, note, at: now } };
      await tx.marks.put(rejected);
      return fresh === undefined ? { rejected } : { rejected, mark: fresh };
    }),
  );
}

async function freshMark(tx: SyncTx, old: Mark, decision: Decision, now: number): Promise<Mark | undefined> {
  if (decision.kind === 'discarded') return undefined;
  const { course, assessmentKey, assessor, passed, assessedAt, clockQuality } = old;
  const student = decision.kind === 'reassigned' ? decision.student : old.student;
  const times = { assessedAt, clockQuality, heldAt: now, heldUntil: now };
  const draft = { id: decision.newId, course, assessmentKey, assessor, passed, student, ...times };
  return (await addMark(tx, draft)).mark;
}
