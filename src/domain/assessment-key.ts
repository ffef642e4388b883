import { shortHash } from '#lib/hash.ts';
import type { Day } from './day.ts';
import { isDay } from './day.ts';
import { isCanvasId } from './ids.ts';
import type { AssessmentKey, OutcomeId } from './ids.ts';
import { cleanText, foldText } from './names.ts';

/** Canvas's limit for key and title (contract §1.8). */
export const maxTextLength = 255;
const maxSlugLength = 60;

/** The key of a day's assessment of an outcome: `2026-11-23,outcome_52`. The day is the course's, not the device's. */
export function outcomeKey(day: Day, outcome: OutcomeId): AssessmentKey {
  return `${day},outcome_${outcome}` as AssessmentKey;
}

/**
 * The key of a day's assessment with a free title: `2026-11-23,title_times-tables-0k2…`. The same title, whatever
 * its case and spacing, gives the same key on every device; the hash tells titles apart that look alike as slugs.
 */
export function titleKey(day: Day, title: string): AssessmentKey {
  const same = cleanText(title).toLowerCase();
  const slug = foldText(same)
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxSlugLength)
    .replace(/^-+|-+$/g, '');
  return `${day},title_${slug === '' ? '' : `${slug}-`}${shortHash(same)}` as AssessmentKey;
}

/** The day a key speaks of; undefined for a key that another client made in its own way. */
export function dayOfKey(key: AssessmentKey): Day | undefined {
  const [day = ''] = key.split(',', 1);
  return key.includes(',') && isDay(day) ? day : undefined;
}

/** The outcome a key speaks of: Canvas itself does not tell it back (contract §6.6). */
export function outcomeOfKey(key: AssessmentKey): OutcomeId | undefined {
  const [, id = ''] = /^\d{4}-\d{2}-\d{2},outcome_(\d+)$/.exec(key) ?? [];
  return isCanvasId(id) ? (id as OutcomeId) : undefined;
}
