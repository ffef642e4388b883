import { idOf, type Parameters } from '../http/parameters.ts';
import { rejected } from '../http/refusal.ts';

/** How the students of a list of rollups are sorted. */
export interface RollupOrder {
  /** By their score of this outcome; undefined: by name. */
  readonly outcomeId: string | undefined;
  readonly isDescending: boolean;
}

/**
 * Reads `sort_by`, `sort_outcome_id` and `sort_order`; the other two count only with the first (contract §5.7).
 * @throws Refusal 400 for what Canvas knows no order of
 */
export function readRollupOrder(parameters: Parameters): RollupOrder {
  const { sort_by: by, sort_outcome_id: outcome, sort_order: order } = parameters;
  if (by === undefined) return { outcomeId: undefined, isDescending: false };
  if (by !== 'student' && by !== 'outcome') throw rejected('invalid sort_by parameter value');
  if (by === 'outcome' && outcome === undefined)
    throw rejected('missing required sort_outcome_id parameter value');
  const outcomeId = by === 'outcome' ? idOf(outcome) : undefined;
  if (by === 'outcome' && outcomeId === undefined) throw rejected('invalid sort_outcome_id parameter value');
  if (order !== undefined && order !== 'asc' && order !== 'desc')
    throw rejected('invalid sort_order parameter value');
  return { outcomeId, isDescending: order === 'desc' };
}

/**
 * Sorts students by their scores. Who has none comes last either way, and who has the same by name, as the list goes.
 * @param byName in order of name
 */
export function sortedByScore<Student extends { readonly id: string }>(
  byName: readonly Student[],
  scoreOf: (id: string) => number | null,
  isDescending: boolean,
): Student[] {
  const scores = new Map(byName.map(({ id }) => [id, scoreOf(id)]));
  const turn = isDescending ? -1 : 1;
  const students = isDescending ? [...byName].reverse() : [...byName];
  return students.sort((one, other) => {
    const [a, b] = [scores.get(one.id) ?? null, scores.get(other.id) ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return turn * (a - b);
  });
}
