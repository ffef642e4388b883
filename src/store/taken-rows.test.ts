import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import type { ResultId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { buildMark } from '#testing/build-mark.ts';
import { dexieUnderTest } from '#testing/dexie-under-test.ts';

test('a batch whose row ids pass a power of ten is confirmed without a walk through the rows', async () => {
  const { store } = await dexieUnderTest();
  const [filed, ...batch] = await store.write(async (tx) => {
    const marks: Mark[] = [];
    for (let n = 0; n < 5; n += 1) {
      const mark = buildMark();
      marks.push({ ...mark, seq: await tx.marks.add(mark) });
    }
    return marks;
  });
  const confirm = (mark: Mark, rowId: number): Mark => ({
    ...mark,
    state: 'CONFIRMED',
    rowId: String(rowId) as ResultId,
  });
  await store.write((tx) => tx.marks.put(confirm(filed!, 5)));
  const walk = vi.spyOn(IDBIndex.prototype, 'openCursor');
  await store.write((tx) => tx.marks.putMany(batch.map((mark, n) => confirm(mark, 998 + n))));
  expect(walk).not.toHaveBeenCalled();
});
