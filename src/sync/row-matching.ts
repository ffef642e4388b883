import type { ResultRow } from '#canvas/results-api.ts';
import type { AssessmentId, ResultId, UserId } from '#domain/ids.ts';
import { parseSecond } from '#domain/instant.ts';
import type { Mark } from '#domain/mark.ts';

/** What is matched: key M of sync protocol §4, without the assessment and the assessor, which a lane has once. */
type Matchable = Pick<Mark, 'student' | 'passed' | 'assessedAt'>;

/** Rows of one lane by M, each row id once. */
export type RowIndex = ReadonlyMap<string, readonly ResultId[]>;

/** M within a lane and an account. */
export function matchKeyOf(mark: Matchable): string {
  return `${mark.student}|${mark.assessedAt}|${String(mark.passed)}`;
}

/**
 * Sorts rows by key M. Rows of another assessment or another assessor, and rows with a fraction of a second,
 * are not ours and are left out. A row listed twice (pages shift) counts once.
 */
export function indexRows(
  rows: Iterable<ResultRow>,
  ours: { readonly assessment: AssessmentId; readonly assessor: UserId },
): RowIndex {
  const index = new Map<string, ResultId[]>();
  const seen = new Set<ResultId>();
  for (const row of rows) {
    if (row.assessment !== ours.assessment || row.assessor !== ours.assessor || seen.has(row.id)) continue;
    seen.add(row.id);
    const second = parseSecond(row.assessedAt);
    if (second === undefined) continue;
    const key = matchKeyOf({ student: row.student, passed: row.passed, assessedAt: second });
    const ids = index.get(key);
    if (ids === undefined) index.set(key, [row.id]);
    else ids.push(row.id);
  }
  return index;
}

/**
 * Matches each mark to a row of its own, by key and never by position.
 * @returns row id by `seq`, only for marks that have a row
 */
export function matchRows(
  marks: readonly (Matchable & { readonly seq: number })[],
  index: RowIndex,
): Map<number, ResultId> {
  const matched = new Map<number, ResultId>();
  const used = new Map<string, number>();
  for (const mark of marks) {
    const key = matchKeyOf(mark);
    const next = used.get(key) ?? 0;
    const id = index.get(key)?.[next];
    if (id === undefined) continue;
    used.set(key, next + 1);
    matched.set(mark.seq, id);
  }
  return matched;
}

/** Rows that repeat an M: at most one of them is the mark's own, the others are surplus. */
export function repeatedRows(index: RowIndex): { key: string; ids: readonly ResultId[] }[] {
  return [...index].filter(([, ids]) => ids.length > 1).map(([key, ids]) => ({ key, ids }));
}
