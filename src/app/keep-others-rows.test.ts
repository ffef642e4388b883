import 'fake-indexeddb/auto';
import { expect, it, vi } from 'vitest';
import type { ResultRow } from '#canvas/results-api.ts';
import type { AssessmentId, ResultId, UserId } from '#domain/ids.ts';
import type { OthersRows } from '#store/others-rows.ts';
import { buildMark } from '#testing/build-mark.ts';
import { openAccount } from '#testing/open-account.ts';
import { keepOthersRows } from './keep-others-rows.ts';

const self = '7' as UserId;
const here = buildMark();
const row = (id: string, assessor: string, assessedAt = '2026-11-23T08:00:00Z'): ResultRow => ({
  id: id as ResultId,
  passed: true,
  assessedAt,
  student: here.student,
  assessor: assessor as UserId,
  assessment: '5' as AssessmentId,
});
const atMs = Date.UTC(2026, 10, 23, 8);

/** With one mark of its own on the disk. */
async function keeper() {
  const { sync } = await openAccount();
  await sync.write((tx) => tx.marks.add(here));
  const reads: Promise<unknown>[] = [];
  const read: typeof sync.read = (work) => {
    const done = sync.read(work);
    reads.push(done);
    return done;
  };
  const note = vi.fn<OthersRows['note']>().mockResolvedValue();
  const seen = keepOthersRows({ othersRows: { note }, sync: { read } }, self);
  return { seen, note, reads };
}

it('keeps what others marked, and what this teacher marked on another device', async () => {
  const { seen, note } = await keeper();
  seen(here.lane, [row('1', '7', here.assessedAt), row('2', '7'), row('3', '8'), row('4', '8', 'no time')]);
  await expect.poll(() => note.mock.calls.length).toBe(1);
  expect(note.mock.calls[0]?.slice(0, 2)).toEqual([
    here.lane,
    new Map([
      [
        here.student,
        [
          { id: '2', passed: true, atMs, assessor: '7', isMine: true },
          { id: '3', passed: true, atMs, assessor: '8' },
        ],
      ],
    ]),
  ]);
});

it('asks the disk once for each row from here, and never for rows of others', async () => {
  const { seen, note, reads } = await keeper();
  seen(here.lane, [row('1', '7', here.assessedAt)]);
  await Promise.all(reads);
  seen(here.lane, [row('1', '7', here.assessedAt), row('3', '8')]);
  await expect.poll(() => note.mock.calls.length).toBe(1);
  expect(reads).toHaveLength(1);
});

it('lets a disk that cannot keep it be: nothing is thrown into a read', async () => {
  const { seen, note } = await keeper();
  note.mockRejectedValue(new Error('full'));
  seen(here.lane, [row('3', '8')]);
  await expect.poll(() => note.mock.results.length).toBe(1);
  await expect(note.mock.results[0]?.value).rejects.toThrow('full');
});
