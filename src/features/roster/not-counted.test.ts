import { expect, it } from 'vitest';
import type { UserId } from '#domain/ids.ts';
import { awayOn, notCountedPref, withAway } from './not-counted.ts';

const ada = 'ada' as UserId;
const ben = 'ben' as UserId;

it('keeps who is away, until they are counted again', () => {
  const both = withAway(
    withAway(notCountedPref.fallback, '2026-11-23', ada, 'absent'),
    '2026-11-23',
    ben,
    'later',
  );
  expect([...awayOn('2026-11-23', both)]).toEqual([
    [ada, 'absent'],
    [ben, 'later'],
  ]);
  expect([...awayOn('2026-11-23', withAway(both, '2026-11-23', ada, undefined))]).toEqual([[ben, 'later']]);
});

it('begins each day with everybody here', () => {
  const monday = withAway(notCountedPref.fallback, '2026-11-23', ada, 'absent');
  expect(awayOn('2026-11-24', monday).size).toBe(0);
  expect([...awayOn('2026-11-24', withAway(monday, '2026-11-24', ben, 'excused'))]).toEqual([
    [ben, 'excused'],
  ]);
});
