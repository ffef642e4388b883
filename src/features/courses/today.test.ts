import { describe, expect, it } from 'vitest';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import { lessonsOfToday } from './today.ts';

/** 23:30 on the 22nd in London, 12:30 on the 23rd in Auckland. */
const now = Date.parse('2026-11-22T23:30:00Z');
const london = { ...course('1', 'Europe/London'), name: 'Maths' };
const auckland = { ...course('2', 'Pacific/Auckland'), name: 'Choir' };

describe('the lessons of today', () => {
  it('go by the day of each course', () => {
    const lessons = lessonsOfToday(
      [london, auckland],
      [chosen('2', '2026-11-23'), chosen('1', '2026-11-23'), chosen('1', '2026-11-22')],
      now,
    );
    expect(lessons.map(({ courseName, title, key }) => [courseName, title, key])).toEqual([
      ['Choir', 'Fractions', '2026-11-23,outcome_5'],
      ['Maths', 'Fractions', '2026-11-22,outcome_5'],
    ]);
  });

  it('leave out a course that is not listed any more', () => {
    expect(lessonsOfToday([auckland], [chosen('1', '2026-11-22')], now)).toEqual([]);
  });
});

function course(id: string, timeZone: string) {
  return { id: id as CourseId, timeZone, roles: ['teacher'] as const, readAt: 0, listed: true };
}

function chosen(id: string, date: string) {
  const key = `${date},outcome_5` as AssessmentKey;
  const lane = laneOf(id as CourseId, key);
  return { lane, course: id as CourseId, key, title: `Fractions (${date})`, date, chosenAt: 0 };
}
