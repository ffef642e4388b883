import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import type { CourseId, UserId } from '#domain/ids.ts';
import { openAccount } from '#testing/open-account.ts';
import { awayOn, notCountedPref, withAway } from './not-counted.ts';

const ada = 'ada' as UserId;
const ben = 'ben' as UserId;
const monday = '2026-11-23';
const tuesday = '2026-11-24';
const nobody = notCountedPref.fallback;

it('keeps who is away, until they are counted again', () => {
  const both = withAway(withAway(nobody, monday, [ada], 'absent'), monday, [ben], 'later');
  expect([...awayOn(monday, both)]).toEqual([
    [ada, 'absent'],
    [ben, 'later'],
  ]);
  expect([...awayOn(monday, withAway(both, monday, [ada], undefined))]).toEqual([[ben, 'later']]);
});

it('begins each day with everybody here', () => {
  const kept = withAway(nobody, monday, [ada], 'absent');
  expect(awayOn(tuesday, kept).size).toBe(0);
});

it('keeps today when somebody is put right in an earlier lesson', () => {
  const kept = withAway(withAway(nobody, tuesday, [ada], 'absent'), monday, [ben], 'excused');
  expect([...awayOn(tuesday, kept)]).toEqual([[ada, 'absent']]);
  expect([...awayOn(monday, kept)]).toEqual([[ben, 'excused']]);
});

it('lets the oldest days go, never the one that is written', () => {
  let kept = nobody;
  for (let n = 10; n < 90; n += 1) kept = withAway(kept, `2026-01-${n}`, [ada], 'absent');
  expect(Object.keys(kept.days)).toHaveLength(60);
  expect(awayOn('2026-01-30', kept).size).toBe(1);
  expect(awayOn('2026-01-29', kept).size).toBe(0);
  expect(awayOn('2025-12-01', withAway(kept, '2025-12-01', [ben], 'absent')).size).toBe(1);
});

it('reads what was kept when only one day was', async () => {
  const { prefs } = await openAccount();
  const scope = { course: '11' as CourseId };
  const before = { day: monday, students: { ada: 'absent' } };
  await prefs.write(scope, notCountedPref, before as never);
  expect([...awayOn(monday, await prefs.read(scope, notCountedPref))]).toEqual([[ada, 'absent']]);
});

it('keeps both of two that are put away at the same moment', async () => {
  const { prefs } = await openAccount();
  const scope = { course: '11' as CourseId };
  await Promise.all(
    [ada, ben].map((student) =>
      prefs.change(scope, notCountedPref, (kept) => withAway(kept, monday, [student], 'absent')),
    ),
  );
  expect(awayOn(monday, await prefs.read(scope, notCountedPref)).size).toBe(2);
});
