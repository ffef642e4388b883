import type { LiveAssessment } from '#canvas/results-api.ts';
import { dayOfKey } from '#domain/assessment-key.ts';
import type { Day } from '#domain/day.ts';
import type { AssessmentKey } from '#domain/ids.ts';
import type { LocalAssessment } from '#store/classroom.ts';

/** An assessment of today that somebody has begun. */
export interface BegunAssessment {
  readonly key: AssessmentKey;
  readonly title: string;
  /** False: begun by a colleague or on another device, known from Canvas. */
  readonly here: boolean;
}

/** What was begun on this day: on this device first, the latest first, then what only Canvas knows, by title. */
export function begunToday(
  today: Day,
  chosen: readonly LocalAssessment[],
  inCanvas: readonly LiveAssessment[],
): BegunAssessment[] {
  const here = chosen
    .filter(({ key }) => dayOfKey(key) === today)
    .map((assessment) => begun(assessment, true));
  const known = new Set(here.map(({ key }) => key));
  const elsewhere = inCanvas
    .filter(({ key }) => dayOfKey(key) === today && !known.has(key))
    .map((assessment) => begun(assessment, false))
    .sort((a, b) => a.title.localeCompare(b.title));
  return [...here, ...elsewhere];
}

function begun({ key, title }: Pick<LocalAssessment, 'key' | 'title'>, here: boolean): BegunAssessment {
  return { key, title, here };
}
