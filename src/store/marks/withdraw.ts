import type { Mark } from '#domain/mark.ts';
import type { SyncStore, SyncTx } from '../port.ts';
import { addMark, type Created, type NewMark } from './create.ts';
import { withThreeTries } from './three-tries.ts';

export interface Withdrawal {
  readonly withdrawn: readonly Mark[];
  /** Those that an attempt has carried, or that are settled: they stay as they are. */
  readonly tooLate: readonly Mark[];
}

/** True while a mark can still be undone (T3): no attempt ever carried it. */
export function canWithdraw(mark: Pick<Mark, 'state' | 'attempted'>): boolean {
  return (mark.state === 'HELD' || mark.state === 'QUEUED') && !mark.attempted;
}

/**
 * T3: takes marks back that never left this device, all that still can be. A batch that is only formed loses
 * them in the same transaction.
 * @param now device time, ms
 * @throws StorageError
 */
export async function withdraw(store: SyncStore, seqs: readonly number[], now: number): Promise<Withdrawal> {
  return withThreeTries(() => store.write((tx) => withdrawIn(tx, seqs, now)));
}

/** T3 inside a transaction. */
export async function withdrawIn(tx: SyncTx, seqs: readonly number[], now: number): Promise<Withdrawal> {
  const withdrawn: Mark[] = [];
  const tooLate: Mark[] = [];
  for (const mark of await tx.marks.getMany(seqs)) {
    if (canWithdraw(mark) && (await leaveBatch(tx, mark))) {
      withdrawn.push({ ...outOfBatch(mark), state: 'WITHDRAWN', settledAt: now });
    } else tooLate.push(mark);
  }
  await tx.marks.putMany(withdrawn);
  return { withdrawn, tooLate };
}

function outOfBatch(mark: Mark): Mark {
  const free: { -readonly [Field in keyof Mark]: Mark[Field] } = { ...mark };
  delete free.batchId;
  return free;
}

/** @returns false when the batch is past changing (J5) */
async function leaveBatch(tx: SyncTx, mark: Mark): Promise<boolean> {
  if (mark.batchId === undefined) return true;
  const batch = await tx.batches.get(mark.batchId);
  if (batch === undefined || batch.state === 'closed') return true;
  if (batch.state !== 'formed') return false;
  const marks = batch.marks.filter((seq) => seq !== mark.seq);
  await tx.batches.put({ ...batch, marks, state: marks.length === 0 ? 'closed' : 'formed' });
  return true;
}

export type Replacement =
  | ({ readonly outcome: 'replaced'; readonly old: Mark } & Created)
  /** The old mark stays as it is and no new one was made: Canvas keeps what it has been sent. */
  | { readonly outcome: 'too-late'; readonly old: Mark };

/**
 * T3 and T1 in one transaction: another mark in place of one that was not sent. Told twice, it happens once.
 * @param seq the mark to be replaced
 * @throws StorageError
 */
export async function replaceUnsent(
  store: SyncStore,
  seq: number,
  draft: NewMark,
  now: number,
): Promise<Replacement> {
  return withThreeTries(() => store.write((tx) => replaceIn(tx, seq, draft, now)));
}

/** A mark of a gesture, and the `seq` of the unsent one it takes the place of. */
interface Exchange {
  readonly draft: NewMark;
  readonly seq: number | undefined;
}

/**
 * As `replaceUnsent` for all marks of one gesture, in one transaction. What is too late is left out.
 * @returns every mark that is new or different, in the order given
 * @throws StorageError
 */
export async function replaceAllUnsent(
  store: SyncStore,
  exchanges: readonly Exchange[],
  now: number,
): Promise<Mark[]> {
  return withThreeTries(() =>
    store.write(async (tx) => {
      const marks: Mark[] = [];
      for (const { draft, seq } of exchanges) {
        if (seq === undefined) marks.push((await addMark(tx, draft)).mark);
        else {
          const done = await replaceIn(tx, seq, draft, now);
          if (done.outcome === 'replaced') marks.push(done.old, done.mark);
        }
      }
      return marks;
    }),
  );
}

/** T3 and T1 inside a transaction. */
async function replaceIn(tx: SyncTx, seq: number, draft: NewMark, now: number): Promise<Replacement> {
  const old = await tx.marks.get(seq);
  if (old === undefined) throw new RangeError('no such mark to replace');
  const before = await tx.marks.byId(draft.id);
  if (before !== undefined) return { outcome: 'replaced', old, mark: before, made: false };
  const { withdrawn } = await withdrawIn(tx, [seq], now);
  const [gone] = withdrawn;
  if (gone === undefined) return { outcome: 'too-late', old };
  const created = await addMark(tx, { ...draft, replaces: old.id });
  return { outcome: 'replaced', old: gone, ...created };
}
