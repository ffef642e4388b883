import type { Page } from '@playwright/test';

export interface Seed {
  /** In the class, those there are already among them. */
  readonly students: number;
  /** In the store, a twentieth of them of this lesson, the others of the nineteen before it. */
  readonly marks: number;
}

/**
 * Fills the store of the account in `page` as months of lessons would: copies of the mark that is there, all in
 * Canvas. The app must not run meanwhile in another page; it reads them when it is opened again.
 */
export async function seedStore(page: Page, seed: Seed): Promise<void> {
  // tsx wraps inner functions in a helper of its own, which the page does not have.
  await page.evaluate('globalThis.__name = (wrapped) => wrapped');
  await page.evaluate(fill, seed);
}

/** Runs in the page, so it has nothing but what is in it. */
async function fill({ students, marks }: Seed): Promise<void> {
  type Row = Record<string, unknown>;
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('refused'));
    });
  const { name } = (await indexedDB.databases()).find((each) => /^tapmark:.+\//.test(each.name ?? '')) ?? {};
  if (name === undefined) throw new Error('no account is on this device');
  const db = await answer(indexedDB.open(name));
  const transaction = db.transaction(['marks', 'classes'], 'readwrite', { durability: 'relaxed' });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
  });
  const [model] = await answer(transaction.objectStore('marks').getAll(null, 1) as IDBRequest<Row[]>);
  if (model === undefined) throw new Error('no mark to copy');
  const course = String(model['course']);
  const record = await answer(transaction.objectStore('classes').get(course) as IDBRequest<Row>);
  const roster = record['students'] as Row[];
  for (let n = roster.length; n < students; n += 1) {
    const twin = roster[n % 220] ?? {};
    roster.push({ ...twin, id: String(500_000 + n), name: `${String(twin['name'])} ${n}` });
  }
  transaction.objectStore('classes').put(record);
  const { seq: _, ...mark } = model;
  const startedAt = Date.parse('2026-09-01T08:00:00Z');
  for (let n = 0; n < marks; n += 1) {
    const at = startedAt + n * 60_000;
    const assessedAt = `${new Date(at).toISOString().slice(0, 19)}Z`;
    const day = new Date(startedAt + (n % 20) * 86_400_000).toISOString().slice(0, 10);
    const key = n % 20 === 0 ? String(mark['assessmentKey']) : `${day},outcome_1`;
    const student = String(roster[n % roster.length]?.['id']);
    const lane = `${course}/${key}`;
    transaction.objectStore('marks').add({
      ...mark,
      ...{
        id: `seed-${n}`,
        rowId: `row-${n}`,
        u: `${lane}|${student}|${String(mark['assessor'])}|${assessedAt}`,
      },
      ...{ lane, assessmentKey: key, student, assessedAt, passed: n % 3 !== 0, heldAt: at, heldUntil: at },
      ...{ state: 'CONFIRMED', attempted: true, via: 'answer', settledAt: at },
    });
  }
  await done;
  db.close();
}
