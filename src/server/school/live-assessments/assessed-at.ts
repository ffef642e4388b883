import { zonedToUtc } from './zoned-time.ts';

const pattern =
  /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?)?\s*$/;

/**
 * A time as clients send it: ISO 8601, with a date alone or a time without offset read in the caller's zone.
 * @returns ms since 1970, or undefined when it is no time of the years 1 to 9999
 */
export function parseAssessedAt(text: string, timeZone: string): number | undefined {
  const parts = pattern.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = parts;
  const local = utcMs([year, month, day, hour, minute, second].map(Number));
  if (local === undefined) return undefined;
  const offsetMs = offset === undefined ? undefined : parseOffset(offset);
  if (offsetMs === 'impossible') return undefined;
  const wholeSecond = offsetMs === undefined ? zonedToUtc(local, timeZone) : local - offsetMs;
  const ms = wholeSecond + Number(fraction.padEnd(3, '0').slice(0, 3));
  return ms >= FIRST_MS && ms <= LAST_MS ? ms : undefined;
}

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** @returns undefined for a date or time that does not exist, such as 31 February or 24:00 */
function utcMs(numbers: readonly number[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  // A day that its month does not have is one of the next.
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay ? date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 : undefined;
}

function parseOffset(text: string): number | 'impossible' {
  if (text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return 'impossible';
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
