import { type Second, secondOf } from '#domain/instant.ts';

/** A time as Canvas writes it: UTC, whole seconds, the fraction cut off (contract §1.7). */
export function wireTime(ms: number): Second;
export function wireTime(ms: number | null): Second | null;
export function wireTime(ms: number | null): Second | null {
  return ms === null ? null : secondOf(ms);
}
