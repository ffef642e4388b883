import type { LaneId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { SyncStore } from '../port.ts';

/** Which held marks to let go: those whose time is over, those of a lane ("end of round"), or all ("send now"). */
export type ReleaseScope =
  { readonly kind: 'due' } | { readonly kind: 'lane'; readonly lane: LaneId } | { readonly kind: 'all' };

export interface Release {
  readonly released: readonly Mark[];
  /** Device ms until the next one is due; undefined when none waits for time. */
  readonly nextInMs: number | undefined;
}

/**
 * T2: HELD marks that may go become QUEUED. A mark from the future means that the clock was set back: its hold
 * starts again, so that no mark is held longer than HOLD after the last such jump.
 * @param now device time, ms
 * @throws StorageError
 */
export async function releaseHeld(store: SyncStore, scope: ReleaseScope, now: number): Promise<Release> {
  // Most calls find nothing to do: a read costs no flush of the disk.
  if (!(await store.read((tx) => tx.marks.byState('HELD'))).some((mark) => changes(mark, scope, now))) {
    return { released: [], nextInMs: await nextReleaseIn(store, now) };
  }
  return store.write(async (tx) => {
    const held = await tx.marks.byState('HELD');
    const released = held
      .filter((mark) => isDue(mark, scope, now))
      .map((mark): Mark => ({ ...mark, state: 'QUEUED' }));
    const again = held
      .filter((mark) => !isDue(mark, scope, now) && isFromTheFuture(mark, now))
      .map((mark) => holdAgain(mark, now));
    await tx.marks.putMany([...released, ...again]);
    const anew = new Map(again.map((mark) => [mark.seq, mark]));
    const left = held.filter((mark) => !isDue(mark, scope, now)).map((mark) => anew.get(mark.seq) ?? mark);
    return { released, nextInMs: soonest(left, now) };
  });
}

/** Device ms until the next held mark is due, never longer than it was to be held; undefined when none is. */
export async function nextReleaseIn(store: SyncStore, now: number): Promise<number | undefined> {
  return soonest(await store.read((tx) => tx.marks.byState('HELD')), now);
}

function changes(mark: Mark, scope: ReleaseScope, now: number): boolean {
  return isDue(mark, scope, now) || isFromTheFuture(mark, now);
}

function isDue(mark: Mark, scope: ReleaseScope, now: number): boolean {
  switch (scope.kind) {
    case 'all':
      return true;
    case 'lane':
      return mark.lane === scope.lane;
    case 'due':
      return mark.heldUntil !== null && now >= mark.heldUntil;
  }
}

function isFromTheFuture(mark: Mark, now: number): boolean {
  return mark.heldUntil !== null && now < mark.heldAt;
}

function holdAgain(mark: Mark, now: number): Mark {
  return { ...mark, heldAt: now, heldUntil: now + (mark.heldUntil ?? now) - mark.heldAt };
}

function soonest(held: readonly Mark[], now: number): number | undefined {
  let least: number | undefined;
  for (const { heldAt, heldUntil } of held) {
    if (heldUntil === null) continue;
    const wait = Math.max(0, Math.min(heldUntil - now, heldUntil - heldAt));
    least = least === undefined ? wait : Math.min(least, wait);
  }
  return least;
}
