import { maxTextLength } from '#domain/assessment-key.ts';
import { cleanText } from '#domain/names.ts';

export type TitleCheck =
  | { readonly kind: 'fine'; readonly title: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-long'; readonly length: number };

/** Judges a typed title as Canvas would, before it is made: nothing but spaces, or more than 255 characters. */
export function checkTitle(typed: string): TitleCheck {
  const title = cleanText(typed);
  if (title === '') return { kind: 'empty' };
  return title.length > maxTextLength ? { kind: 'too-long', length: title.length } : { kind: 'fine', title };
}

/** What to say under the field. */
export function titleProblemWords(check: Exclude<TitleCheck, { kind: 'fine' }>): string {
  return check.kind === 'empty'
    ? 'Give it a title first, for instance “Times tables”.'
    : `Canvas takes titles of up to ${maxTextLength.toString()} characters; this one has ${check.length.toString()}.`;
}
