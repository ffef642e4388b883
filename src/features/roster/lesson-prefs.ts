import * as v from 'valibot';
import type { AssessmentKey } from '#domain/ids.ts';
import type { Pref } from '#store/prefs.ts';
import type { MarkingMode } from './lesson-board.ts';

/** Whether an assessment counts tries or keeps one mark a student. Kept with the course. */
export function markingModePref(key: AssessmentKey): Pref<MarkingMode> {
  return { name: `marking-mode/${key}`, schema: v.picklist(['tally', 'single']), fallback: 'tally' };
}

export const rosterSorts = ['family', 'first', 'least-seen', 'shuffle'] as const;
export type RosterSort = (typeof rosterSorts)[number];

/** How a class is shown; remembered for each course. */
export interface RosterView {
  readonly sort: RosterSort;
  /** Which of all the shuffles. */
  readonly seed: number;
  /** How many tiles side by side; null: as suits the class. */
  readonly columns: number | null;
  readonly isList: boolean;
  /** Ids of a section or group to show alone; null: everybody. */
  readonly section: string | null;
  readonly group: string | null;
}

export const rosterViewPref: Pref<RosterView> = {
  name: 'roster-view',
  schema: v.object({
    sort: v.picklist(rosterSorts),
    seed: v.number(),
    columns: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12))),
    isList: v.boolean(),
    section: v.nullable(v.string()),
    group: v.nullable(v.string()),
  }),
  fallback: { sort: 'family', seed: 1, columns: null, isList: false, section: null, group: null },
};

/** How this teacher's hands are helped; the same in every class. */
export interface Hands {
  /** The hand that marks: the bottom bar is mirrored for it. */
  readonly thumb: 'left' | 'right';
  readonly sound: boolean;
  readonly vibration: boolean;
  /** Whether a key alone acts wherever the focus is: not for who dictates, or types by chance (WCAG 2.1.4). */
  readonly singleKeys: boolean;
}

export const handsPref: Pref<Hands> = {
  name: 'hands',
  schema: v.object({
    thumb: v.picklist(['left', 'right']),
    sound: v.boolean(),
    vibration: v.boolean(),
    // Not in what earlier versions kept.
    singleKeys: v.optional(v.boolean(), true),
  }),
  fallback: { thumb: 'left', sound: false, vibration: true, singleKeys: true },
};
