import * as v from 'valibot';
import type { Pref } from '#store/prefs.ts';

/** How long a mark can be undone before it may go to Canvas, ms; null: until the end of the round. */
export type HoldBack = number | null;

/** The times a teacher can choose, shortest first. */
export const holdBackChoices = [
  10_000,
  30_000,
  60_000,
  120_000,
  300_000,
  null,
] as const satisfies readonly HoldBack[];

/** The account's choice. HOLD of the sync protocol is two minutes unless somebody says otherwise. */
export const holdBackPref: Pref<HoldBack> = {
  name: 'hold-back',
  schema: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3_600_000))),
  fallback: 120_000,
};
