import type { AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import { secondOf, secondToMs, type Second } from '#domain/instant.ts';
import { identityOf, laneOf, type ClockQuality, type Mark } from '#domain/mark.ts';
import { StorageError, TakenError, type SyncStore, type SyncTx } from '../port.ts';
import { protocolVersion } from '../protocol-version.ts';
import { withThreeTries } from './three-tries.ts';

/** A tap, before it is a mark. */
export interface NewMark {
  /** Made at the pointer event: the same tap delivered twice is one mark. */
  readonly id: MarkId;
  readonly course: CourseId;
  readonly assessmentKey: AssessmentKey;
  readonly student: UserId;
  readonly assessor: UserId;
  readonly passed: boolean;
  readonly assessedAt: Second;
  readonly clockQuality: ClockQuality;
  /** Device time of the tap, ms. */
  readonly heldAt: number;
  /** Device time, ms; null: until the end of the round. */
  readonly heldUntil: number | null;
  readonly gesture?: string;
  readonly replaces?: MarkId;
}

export interface Created {
  readonly mark: Mark;
  /** False when this tap had been saved before. */
  readonly made: boolean;
}

/** When a tap happened, as far as this device knows (sync protocol §12). */
export function stampTap(tappedAtMs: number, clockOffsetMs: number | undefined) {
  return {
    heldAt: tappedAtMs,
    assessedAt: secondOf(tappedAtMs + (clockOffsetMs ?? 0)),
    clockQuality: clockOffsetMs === undefined ? ('unverified' as const) : ('verified' as const),
  };
}

/**
 * T1: saves one tap, in one transaction that is a single `add`; only when something is in the way, another
 * transaction finds out what. When the promise
 * resolves, the mark is on the disk and may be called saved. A second that is taken (U) gives way to the next
 * free one; a tap that was saved before comes back as it is now.
 * @throws StorageError when it could not be saved; tried three times where the connection was lost
 */
export async function createMark(store: SyncStore, draft: NewMark): Promise<Created> {
  return withThreeTries(async () => {
    const mark = held(draft, draft.assessedAt);
    try {
      // A copy: Dexie writes the number it gave into what it was handed.
      if (store.add !== undefined)
        return { mark: { ...mark, seq: await store.add({ ...mark }) }, made: true };
    } catch (error) {
      if (!(error instanceof TakenError)) throw error;
    }
    return store.write((tx) => addMark(tx, draft));
  });
}

/**
 * As `createMark` for all marks of one gesture ("pass the rest"): all are saved, or none.
 * @returns in the order given
 */
export async function createMarks(store: SyncStore, drafts: readonly NewMark[]): Promise<Created[]> {
  return withThreeTries(() =>
    store.write(async (tx) => {
      const created: Created[] = [];
      for (const draft of drafts) created.push(await addMark(tx, draft));
      return created;
    }),
  );
}

/** T1 inside a transaction. */
export async function addMark(tx: SyncTx, draft: NewMark): Promise<Created> {
  for (let { assessedAt } = draft; ; assessedAt = nextSecond(assessedAt)) {
    const mark = held(draft, assessedAt);
    try {
      const seq = await tx.marks.add({ ...mark });
      return { mark: { ...mark, seq }, made: true };
    } catch (error) {
      if (!(error instanceof TakenError)) throw error;
      if (error.index !== 'u') return { mark: await existing(tx, draft.id), made: false };
    }
  }
}

async function existing(tx: SyncTx, id: MarkId): Promise<Mark> {
  const mark = await tx.marks.byId(id);
  // Its row is there but cannot be read: better "not saved" on the screen than a second mark of one tap.
  if (mark === undefined) throw new StorageError('other');
  return mark;
}

function held(draft: NewMark, assessedAt: Second): Omit<Mark, 'seq'> {
  const { id, course, assessmentKey, student, assessor, passed, clockQuality, heldAt, heldUntil } = draft;
  const lane = laneOf(course, assessmentKey);
  return {
    id,
    u: identityOf({ lane, student, assessor, assessedAt }),
    lane,
    course,
    assessmentKey,
    student,
    assessor,
    passed,
    assessedAt,
    state: 'HELD',
    heldAt,
    heldUntil,
    clockQuality,
    origin: 'here',
    attempted: false,
    ...(draft.gesture === undefined ? {} : { gesture: draft.gesture }),
    ...(draft.replaces === undefined ? {} : { replaces: draft.replaces }),
    protocolVersion,
  };
}

function nextSecond(second: Second): Second {
  return secondOf(secondToMs(second) + 1000);
}
