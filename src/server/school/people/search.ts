import { type Expression, sql, type SqlBool } from 'kysely';
import { isStorable } from '../http/parameters.ts';
import { Refusal } from '../http/refusal.ts';

/** Text for searching: without case, accents and width. Stored when a person is, since no database agrees. */
export function foldForSearch(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * What to look for, or undefined when nothing was asked for.
 * @throws Refusal 400 for a term shorter than two characters
 */
export function searchTerm(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || Array.from(value).length < 2) {
    throw new Refusal(400, { errors: [{ message: 'search_term of 2 or more characters is required' }] });
  }
  return foldForSearch(value);
}

/** Whether a stored text has this term in it. What cannot be stored is in none. */
export function searchedFor(text: Expression<string>, term = ''): Expression<SqlBool> {
  if (!isStorable(term)) return sql<SqlBool>`1 = 0`;
  const pattern = `%${term.replace(/[!%_]/g, '!$&')}%`;
  return sql<SqlBool>`${text} like ${pattern} escape '!'`;
}
