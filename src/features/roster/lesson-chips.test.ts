import { expect, it } from 'vitest';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import type { LocalAssessment } from '#store/classroom.ts';
import { lessonChips } from './lesson-chips.tsx';
import { pinnedPref } from './pinned.ts';

const course = '11' as CourseId;
function assessment(title: string, chosenAt: number, date = '2026-11-23'): LocalAssessment {
  const key = `${date},title_${title}` as AssessmentKey;
  return { lane: laneOf(course, key), course, key, title, date, chosenAt };
}

it('offers what was begun on the same day, in an order that does not change with use', () => {
  const fractions = assessment('Fractions', 5);
  const reasoning = assessment('Reasoning', 9);
  const yesterday = assessment('Old', 1, '2026-11-22');
  expect(lessonChips([reasoning, fractions, yesterday], fractions, pinnedPref.fallback)).toMatchObject([
    { href: '/courses/11/2026-11-23,title_Fractions', title: 'Fractions', isCurrent: true },
    { href: '/courses/11/2026-11-23,title_Reasoning', title: 'Reasoning', isCurrent: false },
  ]);
});

it('offers six at most, the present one always', () => {
  const many = Array.from({ length: 9 }, (_, n) => assessment(`T${n}`, n + 1));
  const titles = lessonChips(many, many[0]!, pinnedPref.fallback).map(({ title }) => title);
  expect(titles).toEqual(['T0', 'T4', 'T5', 'T6', 'T7', 'T8']);
});
