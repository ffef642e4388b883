import type { AssessmentId, LaneId, UserId } from '#domain/ids.ts';
import { openStates, type Mark } from '#domain/mark.ts';
import type { Lane } from '#store/records.ts';
import { coverOf } from './fresh.ts';
import { noteFailure } from './lane-failure.ts';
import { closeAfterRead } from './look.ts';
import { laneMemory } from './memory.ts';
import type { LaneRead } from './read.ts';
import { readRows } from './reader.ts';
import type { Sender } from './sender.ts';
import { applyRead } from './transitions/apply-read.ts';

/** A complete read, and the `seq` of marks that it confirmed. */
export interface ReadBefore {
  readonly read: LaneRead;
  readonly confirmed: ReadonlySet<number>;
}

/**
 * The complete read before a lane sends (8.3, steps 3 and 4): what it shows is confirmed. Where batches can be fresh,
 * the first of an epoch covers all open marks of the lane, and counts as its cover once what it showed is written.
 * @param marks whose students it must cover besides
 * @returns undefined when it did not come about; then its gate is closed, or its next try put off
 * @throws StorageError, OutdatedError, GoneError
 */
export async function readBefore(
  sender: Sender,
  target: { readonly lane: Lane; readonly assessment: AssessmentId; readonly marks: readonly Mark[] },
): Promise<ReadBefore | undefined> {
  const { memory } = sender;
  const { lane, assessment, marks } = target;
  const own = laneMemory(memory, lane.id);
  const students = new Set(marks.map((mark) => mark.student));
  const whole = memory.gateway && own.cover?.epoch !== memory.epoch;
  const open = whole ? await openMarks(sender, lane.id) : undefined;
  for (const student of open?.students ?? []) students.add(student);
  // A read of nobody asks nothing: it proves neither the right to list nor that a backup forgot nothing.
  if (students.size === 0) return undefined;

  const { read, error } = await readRows(sender, { lane: lane.id, assessment, students });
  const confirmed = new Set(await applyRows(sender, read));
  if (!read.complete) {
    const closed = error !== undefined && (await closeAfterRead(sender, lane, error));
    if (!closed) noteFailure(sender, lane.id);
    return undefined;
  }
  own.recent = read;
  const cover = open === undefined ? undefined : coverOf(read, open);
  if (open !== undefined && cover !== undefined) {
    own.cover = cover;
    own.waiting = open.waiting.filter((mark) => !confirmed.has(mark.seq));
  }
  return { read, confirmed };
}

/** Confirms what a read shows. @returns `seq` of the marks that were confirmed */
export async function applyRows(sender: Sender, read: LaneRead): Promise<readonly number[]> {
  if (read.rows.length === 0) return [];
  const { epoch } = sender.memory;
  const { account, clock } = sender.deps;
  const { confirmed } = await sender.write((tx) =>
    applyRead(tx, { epoch, read, assessor: account.user, at: clock.wallMs() }),
  );
  return confirmed;
}

interface OpenMarks {
  readonly students: ReadonlySet<UserId>;
  /** `seq` of the newest. */
  readonly throughSeq: number;
  /** Those that wait outside any batch, oldest first; none where a batch is formed, because that goes first. */
  readonly waiting: readonly Mark[];
}

async function openMarks(sender: Sender, lane: LaneId): Promise<OpenMarks> {
  const { found, batches } = await sender.read(async (tx) => {
    const [batches, ...found] = await Promise.all([
      tx.batches.openInLane(lane),
      ...openStates.map((state) => tx.marks.byLaneAndState(lane, state)),
    ]);
    return { found: found.flat(), batches };
  });
  return {
    students: new Set(found.map((mark) => mark.student)),
    throughSeq: found.reduce((highest, mark) => Math.max(highest, mark.seq), 0),
    waiting: batches.length > 0 ? [] : found.filter((mark) => mark.state === 'QUEUED'),
  };
}
