import type { ResultRow, ResultsPage } from '#canvas/results-api.ts';
import type { ResultId } from '#domain/ids.ts';

/** One pass over the pages of one list, as far as it came. */
export interface ReadPass {
  readonly pages: readonly Pick<ResultsPage, 'rows' | 'count' | 'paged'>[];
  /** True when the last page had no next link. */
  readonly ended: boolean;
}

export type PassVerdict =
  | 'complete'
  /** No count is stated and there were several pages: a second pass with the same ids makes it complete. */
  | 'once-more'
  | 'incomplete';

/**
 * Says whether a pass shows every row there is (sync protocol §9): no next link is left, and the number of
 * distinct row ids equals the stated count on the first and on the last page alike; with no stated count, when it
 * was one page or shows the same ids as the pass before.
 * @param before ids of the pass before, if that one judged `once-more`
 */
export function judgePass(pass: ReadPass, before?: ReadonlySet<ResultId>): PassVerdict {
  const first = pass.pages[0];
  const last = pass.pages.at(-1);
  if (!pass.ended || first === undefined || last === undefined) return 'incomplete';
  // Not in the expected form: an empty list that something on the way made up would say that nothing arrived.
  if (!pass.pages.every(({ paged }) => paged)) return 'incomplete';
  const ids = idsOf(pass);
  const stated = [first.count, last.count].filter((count) => count !== undefined);
  if (stated.some((count) => count !== ids.size)) return 'incomplete';
  if (stated.length === 2 || pass.pages.length === 1) return 'complete';
  return before !== undefined && sameIds(ids, before) ? 'complete' : 'once-more';
}

export function idsOf(pass: ReadPass): Set<ResultId> {
  return new Set(rowsOf(pass).map((row) => row.id));
}

export function rowsOf(pass: ReadPass): ResultRow[] {
  return pass.pages.flatMap((page) => page.rows);
}

function sameIds(a: ReadonlySet<ResultId>, b: ReadonlySet<ResultId>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
