import { type Kysely, sql } from 'kysely';
import { chunksOf } from '../chunks.ts';
import type { SchoolTables } from '../tables.ts';
import type { Changes, What } from './changes.ts';

const ROWS_AT_ONCE = 500;

type Values = Readonly<Record<string, unknown>>;
export type RosterTable =
  'terms' | 'users' | 'courses' | 'sections' | 'enrollments' | 'outcomes' | 'outcomeGroups' | 'outcomeLinks';

/** One row as it should be. */
export interface Wanted {
  /** The row there is; undefined: a new one. */
  readonly known: (Values & { readonly id: string }) | undefined;
  /** What a roster says of it. */
  readonly values: Values;
  /** What a new row has besides. */
  readonly birth: Values;
  /** What to call it in the list of changes. */
  readonly words: string;
}

export interface SaveContext {
  readonly trx: Kysely<SchoolTables>;
  readonly changes: Changes;
  /** Hears how many rows of a table are done. */
  readonly progress: (words: string) => void;
}

/** Makes the rows of a table be as wanted. @returns their ids, in the order given */
export async function saveEntries(
  { trx, changes, progress }: SaveContext,
  tableName: RosterTable,
  what: What,
  entries: readonly Wanted[],
): Promise<string[]> {
  const rows = trx as unknown as Kysely<Record<string, Record<string, unknown>>>;
  let nextId = await firstFreeId(trx, tableName);
  const born: Values[] = [];
  const ids: string[] = [];
  let done = 0;
  for (const { known, values, birth, words } of entries) {
    if (known === undefined) {
      const id = String(nextId);
      nextId += 1n;
      ids.push(id);
      born.push({ id, ...birth, ...values });
      changes.add(what, 'new', () => words);
      continue;
    }
    ids.push(known.id);
    const changed = Object.entries(values).filter(([name, value]) => known[name] !== value);
    const isEnding = changed.some(([name, value]) => name === 'state' && value === 'completed');
    changes.add(what, changed.length === 0 ? 'same' : isEnding ? 'ended' : 'changed', () => words);
    if (changed.length > 0) {
      await rows.updateTable(tableName).set(Object.fromEntries(changed)).where('id', '=', known.id).execute();
    }
    done += 1;
    if (done % 1000 === 0) progress(`${what}: ${String(done)} of ${String(entries.length)}`);
  }
  for (const some of chunksOf(born, ROWS_AT_ONCE)) {
    await rows.insertInto(tableName).values(some).execute();
    done += some.length;
    if (born.length > 2 * ROWS_AT_ONCE) progress(`${what}: ${String(done)} of ${String(entries.length)}`);
  }
  return ids;
}

async function firstFreeId(trx: Kysely<SchoolTables>, tableName: RosterTable): Promise<bigint> {
  const { rows } = await sql<{
    id: string | null;
  }>`select max(id) as id from ${sql.table(tableName)}`.execute(trx);
  return BigInt(rows[0]?.id ?? 0) + 1n;
}
