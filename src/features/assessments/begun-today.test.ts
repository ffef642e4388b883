import { describe, expect, it } from 'vitest';
import type { Day } from '#domain/day.ts';
import type { AssessmentId, AssessmentKey, CourseId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import { begunToday } from './begun-today.ts';

const today = '2026-11-23' as Day;
const course = '7' as CourseId;

function here(key: string, title: string) {
  return {
    lane: laneOf(course, key as AssessmentKey),
    course,
    key: key as AssessmentKey,
    title,
    date: '',
    chosenAt: 0,
  };
}

function inCanvas(key: string, title: string) {
  return { id: '1' as AssessmentId, key: key as AssessmentKey, title };
}

describe('what was begun today', () => {
  it('puts this device first, in its own order, then Canvas by title, and nothing twice', () => {
    const begun = begunToday(
      today,
      [
        here('2026-11-23,outcome_2', 'B'),
        here('2026-11-23,outcome_1', 'A'),
        here('2026-11-22,outcome_1', 'A'),
      ],
      [
        inCanvas('2026-11-23,outcome_9', 'Z'),
        inCanvas('2026-11-23,outcome_2', 'B'),
        inCanvas('2026-11-23,title_x', 'C'),
        inCanvas('2026-11-20,title_x', 'old'),
        inCanvas('made by another client', 'D'),
      ],
    );
    expect(begun.map(({ key, here: isHere }) => [key, isHere])).toEqual([
      ['2026-11-23,outcome_2', true],
      ['2026-11-23,outcome_1', true],
      ['2026-11-23,title_x', false],
      ['2026-11-23,outcome_9', false],
    ]);
  });
});
