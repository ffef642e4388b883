import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import type { AssessmentKey, CourseId, LaneId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { buildMark } from '#testing/build-mark.ts';
import { collect } from '#testing/collect.ts';
import { openAccount } from '#testing/open-account.ts';
import { filterIn, outboxFilters, outboxHref } from './outbox-address.ts';
import { groupMarks, stuckLanes, watchFilter } from './outbox-groups.ts';

function mark(lane: string, seq: number, changes: Partial<Mark> = {}): Mark {
  return { ...buildMark(changes), lane: lane as LaneId, seq };
}

it('groups by class and assessment, the newest first', () => {
  const groups = groupMarks([mark('b', 4), mark('a', 3), mark('b', 2), mark('a', 1)]);
  expect(groups.map(({ lane, marks }) => [lane, marks.map(({ seq }) => seq)])).toEqual([
    ['b', [4, 2]],
    ['a', [3, 1]],
  ]);
});

it('finds a refused mark that needs the teacher behind any number of settled ones', async () => {
  const store = await openAccount();
  const resolution = { kind: 'discarded', note: 'wrong class', at: 1 } as const;
  await store.sync.write(async (tx) => {
    await tx.marks.add(buildMark({ state: 'REJECTED', reason: 'open' }));
    for (let n = 0; n < 3; n += 1) await tx.marks.add(buildMark({ state: 'REJECTED', resolution }));
  });
  const needsYou = collect(watchFilter(store.watch, 'needs-you', 2));
  const open = await needsYou.until(({ marks }) => marks.length > 0);
  expect([open.marks.map(({ reason }) => reason), open.more]).toEqual([['open'], false]);
  const setAside = collect(watchFilter(store.watch, 'set-aside', 2));
  const settled = await setAside.until(({ marks }) => marks.length > 0);
  expect([settled.marks.map((each) => each.resolution?.kind), settled.more]).toEqual([
    ['discarded', 'discarded'],
    true,
  ]);
});

it('tells of an assessment that stands still while marks wait for it', async () => {
  const store = await openAccount();
  for (const course of ['11', '12', '13'] as CourseId[]) {
    const key = '2026-11-23,outcome_5' as AssessmentKey;
    await store.classroom.chooseAssessment({ course, key, title: 'Ratios', date: '2026-11-23', chosenAt: 1 });
  }
  await store.sync.write(async (tx) => {
    for (const lane of await tx.lanes.all())
      if (!lane.id.startsWith('13')) await tx.lanes.put({ ...lane, gate: 'permission' });
  });
  const lanes = await collect(store.watch.lanes()).until((list) =>
    list.some(({ gate }) => gate === 'permission'),
  );
  const waiting = new Map([
    ['11/2026-11-23,outcome_5' as LaneId, 2],
    ['13/2026-11-23,outcome_5' as LaneId, 2],
  ]);
  expect(stuckLanes(lanes, waiting)).toEqual([
    { lane: '11/2026-11-23,outcome_5', course: '11', assessmentKey: '2026-11-23,outcome_5', marks: [] },
  ]);
});

it('has an address for each filter, and shows what waits for any other', () => {
  for (const filter of outboxFilters) expect(filterIn(outboxHref(filter).split('?')[1] ?? '')).toBe(filter);
  expect(filterIn('')).toBe('waiting');
  expect(filterIn('show=everything')).toBe('waiting');
});
