import { type Second, secondOf } from '#domain/instant.ts';

const DAY_MS = 86_400_000;

/** A day is written once, and most times of an answer are of the same one. */
let writtenDay = 0;
let writtenDate = '1970-01-01T';

/** A time as Canvas writes it: UTC, whole seconds, the fraction cut off (contract §1.7). */
export function wireTime(ms: number): Second;
export function wireTime(ms: number | null): Second | null;
export function wireTime(ms: number | null): Second | null {
  if (ms === null) return null;
  const day = Math.floor(ms / DAY_MS);
  if (day !== writtenDay) {
    writtenDate = secondOf(ms).slice(0, -'HH:MM:SSZ'.length);
    writtenDay = day;
  }
  const seconds = Math.floor((ms - day * DAY_MS) / 1000);
  const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${writtenDate}${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(seconds % 60)}Z` as Second;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${String(number)}` : String(number);
}
