import type { Database } from './database.ts';

/** Of migrations alone; its rows are facts of the tables, not of the school. */
const bookkeeping = 'applied_migrations';

/**
 * Every table the program keeps, as the database spells its name, so that a table stands after those it refers to:
 * tables in the order in which the migrations made them.
 */
export async function tablesInOrder(database: Database): Promise<string[]> {
  const found = await database.tables<never>().introspection.getTables();
  const names = new Set(found.map((one) => one.name).filter((name) => name !== bookkeeping));
  const rest = [...names].filter((name) => !madeInOrder.includes(name)).sort();
  return [...madeInOrder.filter((name) => names.has(name)), ...rest];
}

/** Those with references; all others stand alone. */
const madeInOrder: readonly string[] = [
  'users',
  'terms',
  'courses',
  'sections',
  'enrollments',
  'group_categories',
  'groups',
  'group_memberships',
  'outcomes',
  'outcome_groups',
  'outcome_links',
  'live_assessments',
  'live_alignments',
  'live_results',
  'scoring_jobs',
  'outcome_scores',
  'access_tokens',
  'oauth_codes',
  'sign_in_links',
];
