import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { LaneId, ResultId, UserId } from '#domain/ids.ts';
import { systemRandom } from '#lib/random.ts';
import { collect } from '#testing/collect.ts';
import { newAccount, openAccount } from '#testing/open-account.ts';
import { openDatabase } from './open-database.ts';
import { createOthersRows } from './others-rows.ts';
import type { OthersRow } from './others-rows.ts';
import { StorageError } from './port.ts';

const lane = '11/2026-11-23,outcome_5' as LaneId;
const [ada, bo] = ['101' as UserId, '102' as UserId];
const row = (id: number, atMs = id): OthersRow => ({
  id: String(id) as ResultId,
  passed: true,
  atMs,
  assessor: '8' as UserId,
});
const seen = (student: UserId, ...rows: OthersRow[]) => new Map([[student, rows]]);

describe('what other teachers marked', () => {
  it('is kept over a restart, each row once, the oldest first', async () => {
    const account = newAccount();
    const store = await openAccount({ account });
    await store.othersRows.note(lane, seen(ada, row(2), row(1)), 5);
    await store.othersRows.note(lane, seen(ada, row(2), row(3)), 6);
    store.close();
    const again = await openAccount({ account });
    const shown = collect(again.othersRows.watch(lane, ada));
    const three = await shown.until((rows) => rows.length > 0);
    expect(three).toEqual([row(1), row(2), row(3)]);
    await again.othersRows.note(lane, seen(ada, row(4)), 7);
    expect(await shown.until((rows) => rows.length > 3)).toEqual([...three, row(4)]);
  });

  it('is bounded: twelve of a student, and the longest unseen go first', async () => {
    const { db } = await openDatabase(`test:${crypto.randomUUID()}`, { random: systemRandom });
    const others = createOthersRows(db, () => new StorageError('other'), 3);
    for (let n = 0; n < 5; n += 1) {
      await others.note(lane, seen(`s${n}` as UserId, row(n)), n);
    }
    expect((await db.rows('othersRows').toArray()).map((kept) => kept['student'])).toEqual([
      's2',
      's3',
      's4',
    ]);
    const many = Array.from({ length: 30 }, (_, n) => row(100 + n));
    await others.note(lane, seen(bo, ...many), 9);
    const shown = collect(others.watch(lane, bo));
    expect(await shown.until((rows) => rows.length > 0)).toEqual(many.slice(-12));
    shown.stop();
    db.close();
  });

  it('touches no mark, and writes nothing when a read says nothing new', async () => {
    const { db } = await openDatabase(`test:${crypto.randomUUID()}`, { random: systemRandom });
    const others = createOthersRows(db, () => new StorageError('other'));
    await others.note(lane, seen(ada, row(1)), 1);
    await others.note(lane, seen(ada, row(1)), 2);
    expect(await db.rows('othersRows').toArray()).toMatchObject([{ at: 1 }]);
    expect(await db.rows('marks').count()).toBe(0);
    db.close();
  });
});
