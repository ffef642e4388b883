import type { AnswerFacts } from './answer.ts';
import { WrongShapeError } from './errors.ts';

/** Longest chain of pages that is followed: 20,000 rows. An endless chain must end somewhere. */
export const maxPages = 200;

/** The URL under `rel="next"` of a `Link` header, as it stands there (canvas-contract §2). */
export function nextInLink(header: string | null): string | undefined {
  for (const [, url, parameters] of (header ?? '').matchAll(/<([^<>]*)>([^<>]*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]+))/i.exec(parameters ?? '');
    if ((rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return url;
  }
  return undefined;
}

/** Whether a `Link` header names any page, as that of every list of Canvas does (canvas-contract §2). */
export function hasLinks(header: string | null): boolean {
  return /<[^<>]*>[^<>]*;\s*rel\s*=/i.test(header ?? '');
}

/**
 * Where a `next` leads, as a full URL.
 * @throws WrongShapeError when it leaves our own origin or its API, or leads back to the page it stands on:
 *   such a list has no end that could be trusted, and must not pass for one that has
 */
export function nextPage(next: string, from: { readonly url: string; readonly answer: AnswerFacts }): string {
  const target = parseUrl(next, from.url);
  const current = new URL(from.url);
  if (target?.origin !== current.origin || !target.pathname.startsWith('/api/v1/')) {
    throw wrong('the next page is somewhere else', from.answer);
  }
  target.hash = '';
  if (target.href === current.href) throw wrong('the next page is this page', from.answer);
  return target.href;
}

function parseUrl(text: string, base: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Remembers the pages of one list and throws WrongShapeError when a chain comes back to one, or has too many. */
export function pageTrail(limit = maxPages): (next: string, answer: AnswerFacts) => void {
  const seen = new Set<string>();
  return (next, answer) => {
    if (seen.has(next)) throw wrong('the pages go in a circle', answer);
    seen.add(next);
    if (seen.size >= limit) throw wrong('too many pages', answer);
  };
}

function wrong(message: string, answer: AnswerFacts): WrongShapeError {
  return new WrongShapeError(message, { answer, notJson: false });
}
