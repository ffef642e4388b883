import type { Branded } from '#lib/ids.ts';

/** A whole second in UTC, `YYYY-MM-DDTHH:MM:SSZ`: the only form in which a mark's time is kept or sent. */
export type Second = Branded<'Second'>;

/** Rounds an instant down to its whole second. @param ms milliseconds since 1970, UTC */
export function secondOf(ms: number): Second {
  return (new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19) + 'Z') as Second;
}

/** Milliseconds since 1970 of a whole second. */
export function secondToMs(second: Second): number {
  return Date.parse(second);
}

/**
 * Reads a time as Canvas writes it (any offset, maybe a zero fraction) as a whole second.
 * @returns undefined when it is no time, or has a non-zero fraction: such a row is not ours (sync protocol §4)
 */
export function parseSecond(text: string): Second | undefined {
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || ms % 1000 !== 0) return undefined;
  return secondOf(ms);
}
