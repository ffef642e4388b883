import type { Json } from './write-json.ts';
import type { Parameters } from './parameters.ts';
import { missing } from './refusal.ts';

/** Which part of a list the caller wants (contract §2). */
export interface Page {
  readonly number: number;
  readonly size: number;
  readonly offset: number;
}

/** What is known of the list besides the page. */
export interface ListEnd {
  /** Rows over all pages; absent where Canvas does not count them. */
  readonly count?: number;
  /** Whether rows follow this page. */
  readonly hasNext: boolean;
}

const DEFAULT_SIZE = 10;
const MAX_SIZE = 100;
/** Above this the header would not pass every proxy: the less useful links are left out. */
const MAX_LINK_BYTES = 6 * 1024;

type Relation = 'current' | 'next' | 'prev' | 'first' | 'last';
const shown: readonly Relation[] = ['current', 'next', 'prev', 'first', 'last'];
const byUse: readonly Relation[] = ['next', 'last', 'prev', 'current', 'first'];

/** @throws Refusal 404 for a page number that is none; `per_page` is clamped instead */
export function readPage(parameters: Parameters): Page {
  const number = pageNumber(parameters['page']);
  const size = pageSize(parameters['per_page']);
  return { number, size, offset: (number - 1) * size };
}

function pageNumber(value: unknown): number {
  if (value === undefined || value === '') return 1;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^0*[1-9]\d{0,11}$/.test(text)) throw missing();
  return Number(text);
}

function pageSize(value: unknown): number {
  if (value === undefined) return DEFAULT_SIZE;
  const wanted =
    typeof value === 'string' || typeof value === 'number' ? Number.parseInt(String(value), 10) : 1;
  return Math.min(Math.max(Number.isNaN(wanted) ? 1 : wanted, 1), MAX_SIZE);
}

/** The end of a list whose rows have been counted. */
export function countedEnd(page: Page, count: number): ListEnd {
  return { count, hasNext: page.offset + page.size < count };
}

/** `Link`: `<URL>; rel="…"`, comma-joined, in Canvas's order. */
export function linkHeader(url: URL, page: Page, end: ListEnd): string {
  const urls = pageUrls(url, page, end);
  const entry = (relation: Relation) => `<${urls.get(relation) ?? ''}>; rel="${relation}"`;
  const kept = new Set<Relation>();
  let bytes = 0;
  for (const relation of byUse) {
    if (!urls.has(relation)) continue;
    bytes += entry(relation).length + 1;
    if (bytes > MAX_LINK_BYTES) break;
    kept.add(relation);
  }
  return shown
    .filter((relation) => kept.has(relation))
    .map(entry)
    .join(',');
}

/** `meta.pagination` of the two Live Assessments lists, keys in Canvas's order. */
export function pageMeta(url: URL, page: Page, end: ListEnd): Json {
  const urls = pageUrls(url, page, end);
  return {
    pagination: {
      per_page: page.size,
      next: urls.get('next'),
      prev: urls.get('prev'),
      last: urls.get('last'),
      current: urls.get('current'),
      first: urls.get('first'),
      page: page.number,
      template: pageUrl(url, '{page}', page.size),
      count: end.count,
      page_count: end.count === undefined ? undefined : lastPage(end.count, page.size),
    },
  };
}

function pageUrls(url: URL, page: Page, end: ListEnd): Map<Relation, string> {
  const at = (number: number) => pageUrl(url, String(number), page.size);
  const urls = new Map<Relation, string>([['current', at(page.number)]]);
  if (end.hasNext) urls.set('next', at(page.number + 1));
  if (page.number > 1) urls.set('prev', at(page.number - 1));
  urls.set('first', at(1));
  if (end.count !== undefined) urls.set('last', at(lastPage(end.count, page.size)));
  return urls;
}

function lastPage(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}

/** The caller's own URL with another page: other parameters stay, the token does not. */
function pageUrl(url: URL, page: string, size: number): string {
  const query = new URLSearchParams(url.searchParams);
  for (const name of ['access_token', 'page', 'per_page']) query.delete(name);
  const others = query.size > 0 ? `${query.toString()}&` : '';
  const path = url.pathname.replace(/\.json$/, '');
  return `${url.origin}${path}?${others}page=${page}&per_page=${String(size)}`;
}
