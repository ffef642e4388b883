import { expect, it } from 'vitest';
import type { LaneId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { buildMark } from '#testing/build-mark.ts';
import { groupMarks } from './outbox-groups.ts';

function mark(lane: string, seq: number, changes: Partial<Mark> = {}): Mark {
  return { ...buildMark(changes), lane: lane as LaneId, seq };
}

it('groups by class and assessment, the newest first', () => {
  const groups = groupMarks([mark('b', 4), mark('a', 3), mark('b', 2), mark('a', 1)], 'waiting');
  expect(groups.map(({ lane, marks }) => [lane, marks.map(({ seq }) => seq)])).toEqual([
    ['b', [4, 2]],
    ['a', [3, 1]],
  ]);
});

it('shows a refused mark as needing the teacher until there is a decision', () => {
  const open = mark('a', 2, { state: 'REJECTED' });
  const resolution = { kind: 'discarded', note: 'wrong class', at: 1 } as const;
  const settled = mark('a', 1, { state: 'REJECTED', resolution });
  const seqs = (filter: 'needs-you' | 'set-aside') =>
    groupMarks([open, settled], filter).flatMap(({ marks }) => marks.map(({ seq }) => seq));
  expect(seqs('needs-you')).toEqual([2]);
  expect(seqs('set-aside')).toEqual([1]);
});
