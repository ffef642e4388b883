import { maxTextLength } from './assessment-key.ts';
import type { Day } from './day.ts';
import { cleanText } from './names.ts';

/**
 * What Canvas is told as the title of a day's assessment of an outcome: "Fractions (2026-11-23)". It follows from
 * the key and the outcome's name alone, because finding an assessment overwrites its title (contract §1.6).
 */
export function outcomeTitle(day: Day, outcomeName: string): string {
  const date = ` (${day})`;
  return shorten(withoutComma(cleanText(outcomeName)), maxTextLength - date.length) + date;
}

/**
 * What Canvas is told for a title that the teacher typed.
 * @returns an empty text when nothing readable was typed: Canvas would refuse it
 */
export function sendableTitle(typed: string): string {
  return shorten(withoutComma(cleanText(typed)), maxTextLength);
}

/** Canvas cuts a title at its first comma with a space after it (contract §6.3). */
function withoutComma(text: string): string {
  return text.replace(/,(?= |$)/g, ';');
}

/** Cuts at the end of a character as people see it, so that no accent or half an emoji is left over. */
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = length - 1;
  while (end > 0 && joinsBefore(text, end)) end -= 1;
  return text.slice(0, end).trimEnd() + '…';
}

/** True when what stands at `index` belongs to the character before it. */
function joinsBefore(text: string, index: number): boolean {
  const rest = text.slice(index, index + 2);
  return /^[\p{M}\p{Emoji_Modifier}\u200d\udc00-\udfff]/u.test(rest) || text[index - 1] === '\u200d';
}
