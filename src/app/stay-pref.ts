import * as v from 'valibot';
import type { Day } from '#domain/day.ts';
import type { Pref } from '#store/prefs.ts';

/** A lesson of another day that the teacher chose to stay in, and the day of that choice. */
interface Stay {
  readonly lesson: string;
  readonly on: string;
}

/** The latest one, kept with the course: it holds for every outcome of the lesson, and after a reload. */
export const stayPref: Pref<Stay> = {
  name: 'stay-in-lesson',
  schema: v.object({ lesson: v.string(), on: v.string() }),
  fallback: { lesson: '', on: '' },
};

/** @param lesson its day, `YYYY-MM-DD` */
export function staysIn(stay: Stay, lesson: string, today: Day): boolean {
  return stay.lesson === lesson && stay.on === today;
}
