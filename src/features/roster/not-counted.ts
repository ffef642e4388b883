import * as v from 'valibot';
import type { UserId } from '#domain/ids.ts';
import type { Pref } from '#store/prefs.ts';
import { awayReasons } from './tile-facts.ts';
import type { AwayReason } from './tile-facts.ts';

/** Who is not counted on one day. The next day begins with everybody here. */
export interface NotCounted {
  readonly day: string;
  readonly students: Readonly<Record<string, AwayReason>>;
}

/** Kept with the course on this device; Canvas has no field for it. */
export const notCountedPref: Pref<NotCounted> = {
  name: 'not-counted',
  schema: v.object({ day: v.string(), students: v.record(v.string(), v.picklist(awayReasons)) }),
  fallback: { day: '', students: {} },
};

export function awayOn(day: string, kept: NotCounted): ReadonlyMap<UserId, AwayReason> {
  return kept.day === day ? (new Map(Object.entries(kept.students)) as Map<UserId, AwayReason>) : new Map();
}

/** @param reason undefined: counted again */
export function withAway(
  kept: NotCounted,
  day: string,
  student: UserId,
  reason: AwayReason | undefined,
): NotCounted {
  const students = new Map(awayOn(day, kept));
  if (reason === undefined) students.delete(student);
  else students.set(student, reason);
  return { day, students: Object.fromEntries(students) };
}
