import type { Mark } from '#domain/mark.ts';
import type { AccountDatabase } from './schema.ts';

/**
 * Adds one mark by the shortest way there is: one strict transaction over one table, with one request and nothing
 * of Dexie between (which costs half a tap more). It promises what a transaction of Dexie's does.
 * @returns the mark's `seq`, once the transaction's `complete` event has fired; undefined when the connection
 *   is not there at the moment, and nothing was begun
 * @throws what the database says; nothing was kept
 */
export async function shortestAdd(db: AccountDatabase, mark: Omit<Mark, 'seq'>): Promise<number | undefined> {
  if (!db.isOpen()) return undefined;
  let transaction: IDBTransaction | undefined;
  try {
    transaction = db.backendDB().transaction('marks', 'readwrite', { durability: 'strict' });
  } catch {
    // Closing, or taken away by the browser: Dexie knows how to open it again.
  }
  if (transaction === undefined) return undefined;
  return addIn(transaction, mark);
}

function addIn(transaction: IDBTransaction, row: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = transaction.objectStore('marks').add(row);
    let refused: DOMException | null = null;
    request.onerror = (event) => {
      // Dealt with here: Firefox tells the page of errors that nobody did.
      event.preventDefault();
      refused = request.error;
      transaction.abort();
    };
    transaction.oncomplete = () => resolve(Number(request.result));
    transaction.onabort = () =>
      reject(refused ?? transaction.error ?? new DOMException('aborted', 'AbortError'));
  });
}
