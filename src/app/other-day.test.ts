import { describe, expect, it } from 'vitest';
import { outcomeKey, titleKey } from '#domain/assessment-key.ts';
import type { Day } from '#domain/day.ts';
import type { AssessmentKey, CourseId, OutcomeId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import type { Outcome } from '#domain/outcome.ts';
import { otherDayWords, sameAgain } from './other-day.ts';

const monday = '2026-11-23' as Day;

describe('whose lesson it is', () => {
  it('is not said on its own day', () => {
    expect(otherDayWords(monday, '2026-11-23')).toBeUndefined();
  });

  it.each([
    ['2026-11-24', 'This is Monday’s lesson.'],
    ['2026-11-29', 'This is Monday’s lesson.'],
    ['2026-11-30', 'This is the lesson of Monday 23 November 2026.'],
    ['2026-11-22', 'This is the lesson of Monday 23 November 2026.'],
  ])('is said on %s', (today, words) => {
    expect(otherDayWords(monday, today, 'en-GB')?.replace(',', '')).toBe(words);
  });
});

describe('the same lesson on another day', () => {
  const fractions = { id: '52' as OutcomeId, title: 'Fractions' } as unknown as Outcome;
  const lesson = (key: AssessmentKey, title: string) => {
    const course = '11' as CourseId;
    return { lane: laneOf(course, key), course, key, title, date: monday, chosenAt: 1 };
  };

  it('has the same outcome', () => {
    const before = lesson(outcomeKey(monday, fractions.id), 'Fractions (2026-11-23)');
    expect(sameAgain(before, [fractions])).toEqual({ kind: 'outcome', outcome: fractions });
  });

  it('has the same title', () => {
    const before = lesson(titleKey(monday, 'Times tables'), 'Times tables');
    expect(sameAgain(before, [fractions])).toEqual({ kind: 'title', title: 'Times tables' });
  });

  it('is for the teacher to choose where the outcome is gone, or another app made the key', () => {
    expect(sameAgain(lesson(outcomeKey(monday, fractions.id), 'Fractions'), [])).toBeUndefined();
    expect(sameAgain(lesson('warm-up' as AssessmentKey, 'Warm-up'), [fractions])).toBeUndefined();
  });
});
