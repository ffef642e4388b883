import { describe, expect, it } from 'vitest';
import type { AssessmentKey, CourseId, LaneId, OutcomeId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { Outcome } from '#domain/outcome.ts';
import { buildMark } from '#testing/build-mark.ts';
import type { LocalAssessment } from '#store/classroom.ts';
import { studentHistory } from './student-history.ts';

const ada = 'ada' as UserId;

function assessment(key: string, title: string): LocalAssessment {
  const lane = `1/${key}` as LaneId;
  return {
    lane,
    course: '1' as CourseId,
    key: key as AssessmentKey,
    title,
    date: key.slice(0, 10),
    chosenAt: 0,
  };
}
const fractions: Outcome = {
  id: '7' as OutcomeId,
  title: 'Fractions',
  pointsPossible: 5,
  masteryPoints: 3,
  calculationMethod: 'highest',
};
const tuesday = assessment('2026-11-24,outcome_7', 'Fractions (2026-11-24)');
const monday = assessment('2026-11-23,outcome_7', 'Fractions (2026-11-23)');
const free = assessment('2026-11-24,tidy', 'Tidy desk (2026-11-24)');

function history(marks: Readonly<Record<string, readonly Partial<Mark>[]>>) {
  return studentHistory(ada, [tuesday, monday, free], [fractions], (lane) =>
    (marks[lane] ?? []).map((mark, seq) => ({ ...buildMark({ student: ada, ...mark }), seq })),
  );
}

describe('how a student stands', () => {
  it('adds up the days of one outcome', () => {
    const lines = history({
      [tuesday.lane]: [{ passed: true }, { passed: false }],
      [monday.lane]: [{ passed: true }],
    });
    expect(lines).toMatchObject([{ name: 'Fractions', passes: 2, tries: 3, percent: 67, mastered: true }]);
  });

  it('knows no threshold for a free title, and says nothing of what was never assessed', () => {
    expect(history({ [free.lane]: [{ passed: false }] })).toMatchObject([
      { name: 'Tidy desk', passes: 0, tries: 1, percent: undefined, mastered: undefined },
    ]);
  });

  it('counts neither what was taken back nor what others had', () => {
    expect(
      history({
        [monday.lane]: [{ state: 'WITHDRAWN' }, { student: 'bo' as UserId }, { state: 'REJECTED' }],
      }),
    ).toEqual([]);
  });
});
