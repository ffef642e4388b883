import type { UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { readTtlMs } from './parameters.ts';
import { covers, type Students } from './read.ts';

/** A lane's complete read of all students with open marks, which lets what is newer go unread (8.7 c). */
export interface LaneCover {
  readonly epoch: number;
  readonly students: Students;
  /** Highest `seq` on the device when the read began: a mark made later cannot be older than a restored backup. */
  readonly throughSeq: number;
}

/** The gateway's latest stamp, and when (monotonic) the answer that bore it had come. */
export interface HeldStamp {
  readonly value: string;
  readonly atMs: number;
}

export interface FreshBasis {
  readonly cover: LaneCover | undefined;
  readonly stamp: HeldStamp | undefined;
}

/**
 * Says whether marks may be armed without a read of their own (sync protocol 8.7): (a) no attempt ever carried
 * any of them, (b) all were made here, (c) the lane's read of this epoch covers them or they were made after it
 * began, (d) the gateway's stamp is at most READ_TTL old. Without a gateway there is no stamp and nothing is fresh.
 */
export function isFresh(
  marks: readonly Pick<Mark, 'seq' | 'student' | 'attempted' | 'origin'>[],
  basis: FreshBasis,
  now: { readonly epoch: number; readonly monotonicMs: number },
): boolean {
  const { cover, stamp } = basis;
  if (cover?.epoch !== now.epoch || stamp === undefined) return false;
  if (now.monotonicMs - stamp.atMs > readTtlMs) return false;
  return marks.every(
    (mark) =>
      !mark.attempted &&
      mark.origin === 'here' &&
      (mark.seq > cover.throughSeq || covers(cover.students, mark.student)),
  );
}

/** The cover that a complete read gives its lane. */
export function coverOf(
  read: { readonly epoch: number; readonly students: Students },
  open: { readonly students: ReadonlySet<UserId>; readonly throughSeq: number },
): LaneCover | undefined {
  const all = [...open.students].every((student) => covers(read.students, student));
  return all ? { epoch: read.epoch, students: read.students, throughSeq: open.throughSeq } : undefined;
}
