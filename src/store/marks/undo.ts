import type { MarkId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { SyncStore, SyncTx } from '../port.ts';
import { addMark, type NewMark } from './create.ts';
import { withThreeTries } from './three-tries.ts';
import { canWithdraw, withdrawIn } from './withdraw.ts';

/** What one "undo" takes back: a tap, or all of "pass the rest" that has not been sent. */
export interface UndoStep {
  /** The gesture's name; for a single tap, its id. */
  readonly gesture: string;
  /** In order of `seq`, never empty. */
  readonly marks: readonly Mark[];
}

export interface Undone {
  readonly withdrawn: readonly Mark[];
  /** Marks that a withdrawn one had replaced: they are back, as new marks. */
  readonly restored: readonly Mark[];
  readonly tooLate: readonly Mark[];
}

/** Rows first looked at; doubled until the steps asked for are complete. */
const firstLook = 64;

/**
 * The latest gestures that can be undone, newest first, of every lane and of earlier sessions too.
 * @param depth at most so many
 */
export async function undoHistory(store: SyncStore, depth: number): Promise<UndoStep[]> {
  return store.read((tx) => undoHistoryIn(tx, depth));
}

/** As `undoHistory`, inside a transaction. */
export async function undoHistoryIn(tx: SyncTx, depth: number): Promise<UndoStep[]> {
  for (let look = firstLook; ; look *= 2) {
    const held = await tx.marks.latestByState('HELD', look);
    const queued = await tx.marks.latestByState('QUEUED', look);
    // Below the oldest row of a list that was cut off there may be more of the same gesture.
    const seenDownTo = Math.max(cutOff(held, look), cutOff(queued, look));
    const marks = [...held, ...queued]
      .filter((mark) => mark.seq >= seenDownTo && canWithdraw(mark))
      .sort((a, b) => b.seq - a.seq);
    const steps = group(marks);
    if (seenDownTo === 0) return steps.slice(0, depth);
    if (steps.length > depth) return steps.slice(0, depth);
  }
}

function cutOff(marks: readonly Mark[], look: number): number {
  return marks.length < look ? 0 : (marks.at(-1)?.seq ?? 0);
}

function group(newestFirst: readonly Mark[]): UndoStep[] {
  const steps = new Map<string, Mark[]>();
  for (const mark of newestFirst) {
    const gesture = mark.gesture ?? mark.id;
    const marks = steps.get(gesture);
    if (marks === undefined) steps.set(gesture, [mark]);
    else marks.unshift(mark);
  }
  return [...steps].map(([gesture, marks]) => ({ gesture, marks }));
}

export interface UndoOptions {
  /** Device time, ms. */
  readonly now: number;
  /** For a mark that comes back: how long it is held, device ms; null: until the end of the round. */
  readonly heldUntil: number | null;
  newId(): MarkId;
}

/**
 * Takes a step back, in one transaction: exactly the marks the screen named, those that still can be. A mark
 * that had replaced another makes room for it again.
 * @throws StorageError
 */
export async function undo(store: SyncStore, step: UndoStep, options: UndoOptions): Promise<Undone> {
  const ids = new Map(step.marks.map((mark) => [mark.seq, options.newId()]));
  return withThreeTries(() =>
    store.write(async (tx) => {
      const seqs = step.marks.map((mark) => mark.seq);
      const { withdrawn, tooLate } = await withdrawIn(tx, seqs, options.now);
      const restored: Mark[] = [];
      for (const mark of withdrawn) {
        const old = mark.replaces === undefined ? undefined : await tx.marks.byId(mark.replaces);
        const id = ids.get(mark.seq);
        if (old?.state !== 'WITHDRAWN' || id === undefined) continue;
        restored.push((await addMark(tx, again(old, id, options))).mark);
      }
      return { withdrawn, restored, tooLate };
    }),
  );
}

/** WITHDRAWN is never left: what comes back is a new mark of the same observation, at the next free second. */
function again(old: Mark, id: MarkId, { now, heldUntil }: UndoOptions): NewMark {
  const { course, assessmentKey, student, assessor, passed, assessedAt, clockQuality, replaces } = old;
  return {
    id,
    course,
    assessmentKey,
    student,
    assessor,
    passed,
    assessedAt,
    clockQuality,
    heldAt: now,
    heldUntil,
    ...(replaces === undefined ? {} : { replaces }),
  };
}
