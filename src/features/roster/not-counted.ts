import * as v from 'valibot';
import type { UserId } from '#domain/ids.ts';
import type { Pref } from '#store/prefs.ts';
import { awayReasons } from './tile-facts.ts';
import type { AwayReason } from './tile-facts.ts';

type Students = Readonly<Record<string, AwayReason>>;

/** Who is not counted, by the day of the lesson. Each day begins with everybody here. */
export interface NotCounted {
  readonly days: Readonly<Record<string, Students>>;
}

/** More than the lessons anybody goes back to in a term; a day takes about 1 kB. */
const mostDays = 60;

const studentsSchema = v.record(v.string(), v.picklist(awayReasons));

/** Kept with the course on this device; Canvas has no field for it. */
export const notCountedPref: Pref<NotCounted> = {
  name: 'not-counted',
  schema: v.union([
    v.object({ days: v.record(v.string(), studentsSchema) }),
    // As it was written first: the latest day alone.
    v.pipe(
      v.object({ day: v.string(), students: studentsSchema }),
      v.transform(({ day, students }) => ({ days: { [day]: students } })),
    ),
  ]),
  fallback: { days: {} },
};

export function awayOn(day: string, { days }: NotCounted): ReadonlyMap<UserId, AwayReason> {
  return new Map(Object.entries(days[day] ?? {})) as Map<UserId, AwayReason>;
}

/** @param reason undefined: counted again */
export function withAway(
  kept: NotCounted,
  day: string,
  students: readonly UserId[],
  reason: AwayReason | undefined,
): NotCounted {
  const away = new Map(awayOn(day, kept));
  for (const student of students) {
    if (reason === undefined) away.delete(student);
    else away.set(student, reason);
  }
  const others = Object.entries(kept.days).filter(([other]) => other !== day);
  others.sort(([a], [b]) => (a < b ? 1 : -1));
  return { days: Object.fromEntries([[day, Object.fromEntries(away)], ...others.slice(0, mostDays - 1)]) };
}
