import * as v from 'valibot';
import type { CourseId } from '#domain/ids.ts';
import { createFailing } from './failing.ts';
import { liveWatch, type Explain } from './live-watch.ts';
import type { AccountDatabase } from './schema.ts';
import type { Watch } from './watch.ts';

/** Whose choice it is: the teacher's everywhere, or in one course. */
export type PrefScope = 'account' | { readonly course: CourseId };

/** A choice that is remembered, whatever it is; read back through its own schema. */
export interface Pref<T> {
  readonly name: string;
  readonly schema: v.GenericSchema<unknown, T>;
  /** When nothing was chosen, or what was chosen is not understood any more. */
  readonly fallback: T;
}

export interface Prefs {
  readonly read: <T>(scope: PrefScope, pref: Pref<T>) => Promise<T>;
  /** @throws StorageError */
  readonly write: <T>(scope: PrefScope, pref: Pref<T>, value: T) => Promise<void>;
  /** Reads and writes in one transaction: two changes at the same moment are both kept. @throws StorageError */
  readonly change: <T>(scope: PrefScope, pref: Pref<T>, by: (before: T) => T) => Promise<void>;
  readonly watch: <T>(scope: PrefScope, pref: Pref<T>) => Watch<T>;
}

export function createPrefs(db: AccountDatabase, explain: Explain): Prefs {
  const table = db.rows('prefs');
  const failing = createFailing(db, explain);
  async function find<T>(scope: PrefScope, { name, schema, fallback }: Pref<T>): Promise<T> {
    const row = await table.get({ scope: nameOf(scope), name });
    if (row === undefined) return fallback;
    const parsed = v.safeParse(schema, row['value']);
    return parsed.success ? parsed.output : fallback;
  }
  return {
    read: (scope, pref) => failing(() => find(scope, pref)),
    write: (scope, { name }, value) =>
      failing(async () => {
        await table.put({ scope: nameOf(scope), name, value });
      }),
    change: (scope, pref, by) =>
      failing(() =>
        db.transaction('rw', table, async () => {
          const value = by(await find(scope, pref));
          await table.put({ scope: nameOf(scope), name: pref.name, value });
        }),
      ),
    watch: (scope, pref) => liveWatch(() => find(scope, pref), explain),
  };
}

function nameOf(scope: PrefScope): string {
  return scope === 'account' ? 'account' : `course/${scope.course}`;
}
