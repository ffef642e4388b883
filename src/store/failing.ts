import type { Explain } from './live-watch.ts';
import type { AccountDatabase } from './schema.ts';

/** Asks an account's database for one thing, for as long as its connection lasts. @throws StorageError */
export type Failing = <T>(act: () => PromiseLike<T>) => Promise<T>;

/** @param explain says what a failure means for the teacher */
export function createFailing(db: AccountDatabase, explain: Explain): Failing {
  return async (act) => {
    try {
      return await db.connection.during(Promise.resolve(act()));
    } catch (error) {
      throw explain(error);
    }
  };
}
