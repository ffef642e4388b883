import { isConstraint } from './storage-errors.ts';

/*
 * The transaction's own requests, with nothing of Dexie's between: it keeps account of every key for live queries, which
 * marks have none of. A hundred requests at once would hold up a slow tablet's taps, so they go in slices.
 */

/** Requests that are made in one go: what a slow tablet does in a few milliseconds. */
const slice = 8;

/** Keys that are this far apart at the most are read together: a row too many costs less than one request more. */
const near = 2;

/** Rows of one answer: a slow tablet unpacks them in a few milliseconds, and a tap comes in between. */
const together = 50;

/**
 * What a request of a transaction answers. What it throws is no event of the transaction's any more: whoever asked lets
 * the transaction fail, or goes on.
 * @throws what the database says
 */
export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      event.stopPropagation();
      reject(reasonOf(request));
    };
  });
}

/**
 * @returns the rows in the order of `seqs`, those that are not there left out
 * @throws what the database says
 */
export async function getRows(store: IDBObjectStore, seqs: readonly number[]): Promise<unknown[]> {
  const found = await inSlices(
    rangesOf(seqs),
    (range) => store.getAll(range) as IDBRequest<{ seq: number }[]>,
  );
  const rows = new Map(found.flatMap((some) => some ?? []).map((row) => [row.seq, row]));
  return seqs.map((seq) => rows.get(seq)).filter((row) => row !== undefined);
}

/**
 * @returns the rows that are there, each read by a request of its own
 * @throws what the database says
 */
export async function getEach(store: IDBObjectStore, keys: readonly number[]): Promise<unknown[]> {
  const rows = await inSlices(keys, (key) => store.get(key) as IDBRequest<unknown>);
  return rows.filter((row) => row !== undefined);
}

/**
 * Writes rows over those with the same key, and goes on past the ones that a unique index refuses.
 * @returns positions of the refused
 * @throws what the database says
 */
export async function putRows(store: IDBObjectStore, rows: readonly object[]): Promise<ReadonlySet<number>> {
  const keys = await inSlices(rows, (row) => store.put(row));
  return new Set(keys.flatMap((key, n) => (key === undefined ? [n] : [])));
}

/**
 * @returns the keys of the rows that a unique index finds by `values`; a value of no row is left out
 * @throws what the database says
 */
export async function keysBy(
  index: IDBIndex,
  values: readonly string[],
): Promise<ReadonlyMap<string, IDBValidKey>> {
  const keys = await inSlices(values, (value) => index.getKey(value));
  return new Map(values.flatMap((value, n) => (keys[n] === undefined ? [] : [[value, keys[n]]])));
}

/**
 * @returns how many rows an index finds by each of `values`
 * @throws what the database says
 */
export function countsBy(index: IDBIndex, values: readonly IDBValidKey[]): Promise<readonly number[]> {
  return inSlices(values, (value) => index.count(value)) as Promise<number[]>;
}

/**
 * @returns each key of an index once, in their order
 * @throws what the database says
 */
export async function distinctKeys(index: IDBIndex): Promise<readonly IDBValidKey[]> {
  return (await walk(index, { direction: 'nextunique' })).map(({ key }) => key);
}

/**
 * @returns the primary keys of the rows that an index finds in `range`, the last first, `most` of them at the most
 * @throws what the database says
 */
export async function lastKeys(
  index: IDBIndex,
  range: IDBKeyRange,
  most: number,
): Promise<readonly IDBValidKey[]> {
  return (await walk(index, { direction: 'prev', range, most })).map(({ primaryKey }) => primaryKey);
}

interface Walk {
  readonly direction: IDBCursorDirection;
  readonly range?: IDBKeyRange;
  readonly most?: number;
}

type Step = Pick<IDBCursor, 'key' | 'primaryKey'>;

function walk(index: IDBIndex, { direction, range, most = Infinity }: Walk): Promise<readonly Step[]> {
  return new Promise((resolve, reject) => {
    const steps: Step[] = [];
    const request = index.openKeyCursor(range, direction);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor !== null) steps.push({ key: cursor.key, primaryKey: cursor.primaryKey });
      if (cursor === null || steps.length >= most) resolve(steps);
      else cursor.continue();
    };
    request.onerror = () => reject(reasonOf(request));
  });
}

function rangesOf(seqs: readonly number[]): IDBKeyRange[] {
  const runs: { first: number; last: number }[] = [];
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && seq - run.last <= near && seq - run.first < together) run.last = seq;
    else runs.push({ first: seq, last: seq });
  }
  return runs.map(({ first, last }) => IDBKeyRange.bound(first, last));
}

/**
 * One request for each item. The next slice goes out when the first of the slice before is answered: the database
 * always has something to do, and the page is free in between.
 * @returns what each answered, undefined where a unique index refused
 */
function inSlices<T, R>(items: readonly T[], ask: (item: T) => IDBRequest<R>): Promise<(R | undefined)[]> {
  return new Promise((resolve, reject) => {
    const answers: (R | undefined)[] = [];
    let next = 0;
    // The database answers in the order of the requests.
    const answered = (answer: R | undefined) => {
      answers.push(answer);
      if (answers.length === items.length) resolve(answers);
      else if (answers.length % slice === 1) askMore();
    };
    const askMore = () => {
      const from = next;
      next += slice;
      try {
        for (const item of items.slice(from, next)) follow(ask(item));
      } catch (error) {
        reject(error instanceof Error ? error : new Error('no request was made', { cause: error }));
      }
    };
    const follow = (request: IDBRequest<R>) => {
      request.onsuccess = () => answered(request.result);
      request.onerror = (event) => {
        // Dealt with here: the transaction goes on, unless whoever asked lets it fail.
        event.preventDefault();
        event.stopPropagation();
        if (isConstraint(request.error)) answered(undefined);
        else reject(reasonOf(request));
      };
    };
    if (items.length === 0) resolve(answers);
    else askMore();
  });
}

function reasonOf(request: IDBRequest): Error {
  return request.error ?? new Error('the database did not say why');
}
