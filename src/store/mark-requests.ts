import { isConstraint } from './storage-errors.ts';

/*
 * The marks of a batch, found, read and written by the transaction's own requests and with nothing of Dexie's between: it
 * keeps account of every key for live queries, which marks have none of. A hundred requests at once would hold up a
 * slow tablet's taps, so they go in slices.
 */

/** Requests that are made in one go: what a slow tablet does in a few milliseconds. */
const slice = 8;

/** Reading this many times as many rows in one request is no slower than a request for each. */
const sparse = 2;

/** Rows of one answer: a slow tablet unpacks them in a few milliseconds, and a tap comes in between. */
const together = 50;

/**
 * @returns the rows in the order of `seqs`, those that are not there left out
 * @throws what the database says
 */
export async function getRows(store: IDBObjectStore, seqs: readonly number[]): Promise<unknown[]> {
  const rows = await (isDense(seqs) ? rangeOf(store, seqs) : eachOf(store, seqs));
  return seqs.map((seq) => rows.get(seq)).filter((row) => row !== undefined);
}

/**
 * Writes rows over those with the same key, and goes on past the ones that a unique index refuses.
 * @returns positions of the refused
 * @throws what the database says
 */
export async function putRows(store: IDBObjectStore, rows: readonly object[]): Promise<ReadonlySet<number>> {
  const refused = new Set<number>();
  await inSlices(rows, (row, n) => {
    const request = store.put(row);
    request.addEventListener('error', () => {
      if (isConstraint(request.error)) refused.add(n);
    });
    return request;
  });
  return refused;
}

/**
 * @returns the keys of the rows that a unique index finds by `values`; a value of no row is left out
 * @throws what the database says
 */
export async function keysBy(
  index: IDBIndex,
  values: readonly string[],
): Promise<ReadonlyMap<string, IDBValidKey>> {
  const keys = new Map<string, IDBValidKey>();
  await inSlices(values, (value) => {
    const request = index.getKey(value);
    request.addEventListener('success', () => {
      if (request.result !== undefined) keys.set(value, request.result);
    });
    return request;
  });
  return keys;
}

/**
 * @returns each key of an index once, in their order
 * @throws what the database says
 */
export function distinctKeys(index: IDBIndex): Promise<readonly IDBValidKey[]> {
  return new Promise((resolve, reject) => {
    const keys: IDBValidKey[] = [];
    const request = index.openKeyCursor(null, 'nextunique');
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor === null) {
        resolve(keys);
      } else {
        keys.push(cursor.key);
        cursor.continue();
      }
    };
    request.onerror = () => reject(request.error ?? new Error('the database read no keys'));
  });
}

function isDense(seqs: readonly number[]): boolean {
  return seqs.length > 1 && largest(seqs) - smallest(seqs) < sparse * seqs.length;
}

async function rangeOf(store: IDBObjectStore, seqs: readonly number[]): Promise<Map<number, unknown>> {
  const rows = new Map<number, unknown>();
  const [least, most] = [smallest(seqs), largest(seqs)];
  const ranges = Array.from({ length: Math.ceil((most - least + 1) / together) }, (_, n) => {
    const from = least + n * together;
    return IDBKeyRange.bound(from, Math.min(most, from + together - 1));
  });
  await inSlices(ranges, (range) => {
    const request = store.getAll(range);
    request.addEventListener('success', () => {
      for (const row of request.result as { seq: number }[]) rows.set(row.seq, row);
    });
    return request;
  });
  return rows;
}

async function eachOf(store: IDBObjectStore, seqs: readonly number[]): Promise<Map<number, unknown>> {
  const rows = new Map<number, unknown>();
  await inSlices(seqs, (seq) => {
    const request: IDBRequest<unknown> = store.get(seq);
    request.addEventListener('success', () => rows.set(seq, request.result));
    return request;
  });
  return rows;
}

/**
 * One request for each item. The next slice goes out when the first of the slice before is answered: the database
 * always has something to do, and the page is free in between.
 */
function inSlices<T>(items: readonly T[], ask: (item: T, n: number) => IDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 0;
    const fail = (error: unknown) => reject(error instanceof Error ? error : new Error(String(error)));
    // The database answers in the order of the requests.
    const answered = (n: number) => {
      if (n === items.length - 1) resolve();
      else if (n % slice === 0) askMore();
    };
    const askMore = () => {
      const from = next;
      next += slice;
      try {
        items.slice(from, next).forEach((item, n) => follow(ask(item, from + n), from + n));
      } catch (error) {
        fail(error);
      }
    };
    const follow = (request: IDBRequest, n: number) => {
      if (n % slice === 0 || n === items.length - 1) request.onsuccess = () => answered(n);
      request.onerror = (event) => {
        // Dealt with here: the transaction goes on, unless whoever asked lets it fail.
        event.preventDefault();
        event.stopPropagation();
        if (isConstraint(request.error)) answered(n);
        else fail(request.error);
      };
    };
    if (items.length === 0) resolve();
    else askMore();
  });
}

function smallest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Infinity);
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), -Infinity);
}
