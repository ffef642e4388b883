import { dayOfKey } from '#domain/assessment-key.ts';
import type { AssessmentKey } from '#domain/ids.ts';

/** How an assessment is called where its day is plain: "Fractions", not "Fractions (2026-11-23)". */
export function shortTitle({ key, title }: { readonly key: AssessmentKey; readonly title: string }): string {
  const day = dayOfKey(key);
  const ending = ` (${day ?? ''})`;
  return day !== undefined && title.endsWith(ending) ? title.slice(0, -ending.length) : title;
}
