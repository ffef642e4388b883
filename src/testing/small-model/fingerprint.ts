import { canonical } from './canonical.ts';
import { Digest } from './digest.ts';
import type { World } from './world.ts';

/**
 * A name for the state of the world: two states with the same name have the same future. In it are the disk, the
 * gateway's memory, Canvas's rows, what is on its way, who holds the lock, what each tab has learnt since it became
 * the sender, and what the oracle will judge by. Times are told by their distance from now.
 */
export function fingerprint(world: World): string {
  const { disk, canvas, network, time, attempts, oracle } = world;
  const text = (value: unknown) => canonical(value, time.nowMs);
  const digest = new Digest();
  for (const { seq, state, batchId, attempted, rowId, duplicateRowIds } of disk.marks.values())
    digest.add(`${seq} ${state} ${batchId} ${attempted} ${rowId} ${duplicateRowIds?.join()}`);
  for (const one of disk.batches.values()) digest.add(text(one));
  for (const one of disk.attempts.values()) digest.add(text(one));
  for (const one of disk.lanes.values()) digest.add(text(one));
  digest.add(`${disk.meta.epoch} ${disk.meta.clockOffsetMs} ${network.heard.highest} ${network.lagging}`);
  for (const { id, recordedAtMs, state } of attempts.records.values())
    digest.add(`${id} ${recordedAtMs - time.nowMs} ${text(state)}`);
  for (const row of canvas.rows)
    digest.add(`${row.id} ${row.student} ${row.assessedAt} ${oracle.mayBeMissing(row)}`);
  digest.add(String(canvas.assessments.length));
  for (const post of network.posts)
    digest.add(
      `${post.attempt} ${post.where} ${post.tab.life} ${post.trail} ${post.mute} ${post.sentAtMs - time.nowMs}`,
    );
  for (const tab of world.tabs) digest.add(`${tab.name} ${world.lock.holds(tab)} ${tab.fingerprint()}`);
  digest.add(`${world.waiting().join()} ${time.left().join()}`);
  digest.add(oracle.fingerprint());
  digest.add(`${world.undoLeft} ${world.frozenOnce}`);
  return digest.toString();
}
