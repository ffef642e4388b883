import type { Branded } from '#lib/ids.ts';

/** A calendar day, `YYYY-MM-DD`. */
export type Day = Branded<'Day'>;

/** Building a formatter costs far more than using it; a school has one zone, rarely two. */
const formatters = new Map<string | null, Intl.DateTimeFormat>();

/**
 * The calendar day of an instant where the course is.
 * @param ms milliseconds since 1970, UTC
 * @param timeZone IANA name from Canvas; null, or a name this device does not know, means the device's own zone,
 *   which is nearly always the classroom's
 */
export function dayIn(ms: number, timeZone: string | null): Day {
  const parts = formatterFor(timeZone).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}` as Day;
}

/** True for `YYYY-MM-DD` that names a day there is. */
export function isDay(text: string): text is Day {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function formatterFor(timeZone: string | null): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = newFormatter(timeZone);
  formatters.set(timeZone, made);
  return made;
}

function newFormatter(timeZone: string | null): Intl.DateTimeFormat {
  // Written out, so that no device's language brings its own calendar or digits into a key.
  const format = {
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  } as const;
  try {
    return new Intl.DateTimeFormat('en', timeZone === null ? format : { ...format, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en', format);
  }
}
