import type { Transaction } from 'dexie';
import { Pile, type Bundle, type BundleShelf } from './bundles.ts';
import { putRows } from './requests.ts';
import { MarksView } from './marks-view.ts';
import type { AccountDatabase } from './schema.ts';
import { transact } from './transact.ts';

/** How long nothing is to be written before filing begins: longer than a POST takes, so that it is in nobody's way. */
const restMs = 1_000;
/** So many bundles make every reading slow: then they are filed beside whatever is done. */
const most = 200;

/**
 * Files the oldest bundle: its marks become rows of `marks`, and it is dropped. For whoever reads nothing changes.
 * @returns false when there is none that can be filed
 * @throws what the database says; nothing was kept
 */
export async function fileOldest(db: AccountDatabase): Promise<boolean> {
  const left = await transact(db, 'rw!', {
    tables: ['marks', 'bundles'],
    work: (transaction) => fileIn(transaction, db.shelf),
  });
  if (left !== undefined) db.shelf.keep(left);
  return left !== undefined;
}

/** @returns the bundles that are left; undefined when none can be filed */
async function fileIn(transaction: Transaction, shelf: BundleShelf): Promise<Pile | undefined> {
  const { bundles } = await new MarksView(transaction, shelf).pile();
  const at = bundles.findIndex((bundle) => bundle.whole && !liesOver(bundle, bundles));
  const bundle = bundles[at];
  if (bundle === undefined) return undefined;
  const newer = new Pile(bundles.slice(at + 1));
  const marks = [...bundle.over].flatMap(([seq, { mark }]) =>
    newer.find(seq) === undefined ? (mark ?? []) : [],
  );
  const refused = await putRows(transaction.idbtrans.objectStore('marks'), marks);
  if (refused.size > 0) throw new Error('a bundle says what an index refuses');
  await transaction.table('bundles').delete(bundle.n);
  return new Pile(bundles.filter((one) => one !== bundle));
}

/** What lies over something that cannot be read stays there: filed, it would lie below it. */
function liesOver(bundle: Bundle, bundles: readonly Bundle[]): boolean {
  return bundles.some(
    ({ n, whole, over }) => !whole && n < bundle.n && [...over.keys()].some((seq) => bundle.over.has(seq)),
  );
}

export interface Filing {
  /** There may be something to file: to be called when bundles were written, and when a store was opened. */
  readonly wake: (count: number) => void;
  readonly stop: () => void;
}

/** Files bundles while nobody writes any. What is left when the app ends is filed in its next life. */
export function createFiling(db: AccountDatabase): Filing {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  async function file() {
    timer = undefined;
    try {
      if (!(await fileOldest(db))) return;
    } catch {
      // The store says so to whoever writes next; the bundles are as good where they are.
      return;
    }
    // A pause, so that a tap comes in between.
    if (!stopped) timer ??= setTimeout(() => void file(), 0);
  }

  return {
    wake: (count) => {
      if (stopped) return;
      clearTimeout(timer);
      timer = setTimeout(() => void file(), count > most ? 0 : restMs);
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
