import { describe } from 'vitest';
import { describeCreateAssessments } from './create-assessments.ts';
import { describeCreateResults } from './create-results.ts';
import { describeNeighbours } from './neighbours.ts';
import { describeLists } from './read-lists.ts';
import { describeScores } from './scores.ts';
import { type CanvasSubject, useSubject } from './subject.ts';

/**
 * The Canvas wire contract as tests, each named by its section, for whatever way leads to the sample school.
 * @param open opens the way; called once
 */
export function describeCanvasContract(name: string, open: () => Promise<CanvasSubject>): void {
  describe(name, () => {
    const subject = useSubject(open);
    describe('POST live_assessments', () => {
      describeCreateAssessments(subject);
    });
    describe('POST results', () => {
      describeCreateResults(subject);
    });
    describe('lists', () => {
      describeLists(subject);
    });
    describe('neighbours', () => {
      describeNeighbours(subject);
    });
    describe('scores', () => {
      describeScores(subject);
    });
  });
}
