import { expect, it, vi } from 'vitest';
import type { ResultRow } from '#canvas/results-api.ts';
import type { AssessmentId, LaneId, ResultId, UserId } from '#domain/ids.ts';
import type { OthersRows } from '#store/others-rows.ts';
import { keepOthersRows } from './keep-others-rows.ts';

const lane = '11/2026-11-23,outcome_5' as LaneId;
const row = (id: string, assessor: string, assessedAt = '2026-11-23T09:00:00Z'): ResultRow => ({
  id: id as ResultId,
  passed: true,
  assessedAt,
  student: '101' as UserId,
  assessor: assessor as UserId,
  assessment: '5' as AssessmentId,
});

it('keeps what others marked, and asks nothing of the disk for rows of its own', () => {
  const note = vi.fn<OthersRows['note']>().mockResolvedValue();
  const seen = keepOthersRows({ note }, '7' as UserId);
  seen(lane, [row('1', '7'), row('2', '7')]);
  expect(note).not.toHaveBeenCalled();
  seen(lane, [row('1', '7'), row('3', '8'), row('4', '8', 'no time')]);
  const kept = new Map([
    ['101', [{ id: '3', passed: true, atMs: Date.UTC(2026, 10, 23, 9), assessor: '8' }]],
  ]);
  expect(note).toHaveBeenCalledExactlyOnceWith(lane, kept, expect.any(Number));
});

it('lets a disk that cannot keep it be: nothing is thrown into a read', async () => {
  const note = vi.fn<OthersRows['note']>().mockRejectedValue(new Error('full'));
  keepOthersRows({ note }, '7' as UserId)(lane, [row('3', '8')]);
  await expect(note.mock.results[0]?.value).rejects.toThrow('full');
});
