import { outcomeOfKey } from '#domain/assessment-key.ts';
import type { LaneId, OutcomeId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { scaleOf, thresholdOf } from '#domain/mastery.ts';
import { outcomeName } from '#domain/outcome.ts';
import type { Outcome } from '#domain/outcome.ts';
import { tallyOf } from '#domain/tally.ts';
import { shortTitle } from '#features/short-title.ts';
import type { LocalAssessment } from '#store/classroom.ts';
import { isCounted } from './tile-facts.ts';
import { hasMastered, percentOf } from './tile-words.ts';

/** How a student stands in one outcome, or in what was assessed under one free title. */
export interface HistoryLine {
  readonly key: string;
  readonly name: string;
  readonly passes: number;
  readonly tries: number;
  /** From the second try on. */
  readonly percent: number | undefined;
  /** undefined without a threshold. */
  readonly mastered: boolean | undefined;
}

interface Part {
  readonly name: string;
  readonly threshold: number | null;
  readonly marks: Mark[];
}

/**
 * Tries and passes by outcome, over all days that this device knows of, in the order of `assessments`. The day's
 * marks of one outcome stand in several assessments; they are added up.
 * @param marksOf what the device holds of a lane
 */
export function studentHistory(
  student: UserId,
  assessments: readonly LocalAssessment[],
  outcomes: readonly Outcome[],
  marksOf: (lane: LaneId) => readonly Mark[],
): readonly HistoryLine[] {
  const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  const parts = new Map<string, Part>();
  for (const assessment of assessments) {
    const marks = marksOf(assessment.lane).filter((mark) => mark.student === student && isCounted(mark));
    if (marks.length === 0) continue;
    const id = assessment.outcomeId ?? outcomeOfKey(assessment.key);
    const part = partFor(parts, assessment, id === undefined ? undefined : byId.get(id), id);
    part.marks.push(...marks);
  }
  return [...parts].map(([key, { name, threshold, marks }]) => {
    const { passes, count: tries } = tallyOf(marks);
    const counts = { passes, tries };
    return {
      key,
      name,
      ...counts,
      percent: percentOf(counts, threshold),
      mastered: hasMastered(counts, threshold),
    };
  });
}

function partFor(
  parts: Map<string, Part>,
  assessment: LocalAssessment,
  outcome: Outcome | undefined,
  id: OutcomeId | undefined,
): Part {
  const key = id ?? `title ${shortTitle(assessment)}`;
  const known = parts.get(key);
  if (known !== undefined) return known;
  const part: Part = {
    name: outcome === undefined ? shortTitle(assessment) : outcomeName(outcome),
    threshold: outcome === undefined ? null : thresholdOf(scaleOf(outcome)),
    marks: [],
  };
  parts.set(key, part);
  return part;
}
