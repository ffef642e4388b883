import type { Transaction } from 'dexie';
import type { LaneId, ResultId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import { markStates } from './marks/count.ts';
import { asMark } from './rows.ts';
import type { AnyRow } from './schema.ts';

/*
 * The marks of a batch change together, when it is armed and when it has ended, and nothing else of the sender can go
 * on before that is on the disk. A row and five index entries a mark, a hundred times, take longer than a POST. So
 * they are written as one row, a bundle, and filed into `marks` when the sender rests (`file-bundles.ts`). Until
 * then a bundle lies over the rows of `marks`, and the newest over the others: whoever reads marks reads them through
 * `marks-view.ts`. A bundle is never changed, only dropped. Decision 016.
 */

/** What a bundle says of one mark. */
export interface Over {
  /** Undefined where it cannot be read: then the mark is no mark for anybody, as a row of `marks` would be. */
  readonly mark: Mark | undefined;
  /** The state by which the indexes of `marks` still find it. */
  readonly filed: MarkState | undefined;
}

export interface Bundle {
  readonly n: number;
  readonly over: ReadonlyMap<number, Over>;
  readonly lanes: ReadonlySet<LaneId>;
  /** `seq` by row: a row that confirms a mark confirms no other. */
  readonly rows: ReadonlyMap<ResultId, number>;
  /** False where something of it cannot be read: it is left where it is. */
  readonly whole: boolean;
}

/** The row of a bundle, without its key `n`. */
export function bundleRow(marks: readonly Mark[], filed: readonly MarkState[]) {
  // The seqs stand apart, so that marks that cannot be read are still known not to be what `marks` says.
  return { seqs: marks.map((mark) => mark.seq), marks, filed };
}

export function bundleOf(n: number, marks: readonly Mark[], filed: readonly MarkState[]): Bundle {
  return indexed(n, new Map(marks.map((mark, at) => [mark.seq, { mark, filed: filed[at] }])), true);
}

function indexed(n: number, over: ReadonlyMap<number, Over>, whole: boolean): Bundle {
  const lanes = new Set<LaneId>();
  const rows = new Map<ResultId, number>();
  for (const { mark } of over.values()) {
    if (mark === undefined) continue;
    lanes.add(mark.lane);
    if (mark.rowId !== undefined) rows.set(mark.rowId, mark.seq);
  }
  return { n, over, lanes, rows, whole };
}

/** A row as the bundle it is, as far as it can be read. */
export function asBundle(row: AnyRow): Bundle {
  const list = (name: string): readonly unknown[] => (Array.isArray(row[name]) ? row[name] : []);
  const marks = list('marks');
  const filed = list('filed');
  const over = new Map<number, Over>();
  let whole = Array.isArray(row['seqs']);
  list('seqs').forEach((seq, at) => {
    if (typeof seq === 'number') {
      const read = asMark(marks[at] as AnyRow | undefined);
      const state = markStates.find((one) => one === filed[at]);
      // Without its state in the index nothing could be written over it.
      const mark = read?.seq === seq && state !== undefined ? read : undefined;
      over.set(seq, { mark, filed: state });
      if (mark !== undefined) return;
    }
    whole = false;
  });
  return indexed(Number(row['n']), over, whole);
}

/** The bundles as one transaction finds them. */
export class Pile {
  /** Oldest first. */
  readonly bundles: readonly Bundle[];
  private everything: ReadonlyMap<number, Over> | undefined;

  constructor(bundles: readonly Bundle[]) {
    this.bundles = bundles;
  }

  find(seq: number): Over | undefined {
    return this.bundles.findLast(({ over }) => over.has(seq))?.over.get(seq);
  }

  /** `seq` of the mark that a row confirms, as far as bundles know. */
  confirmedBy(rowId: ResultId): number | undefined {
    return this.bundles.find(({ rows }) => rows.has(rowId))?.rows.get(rowId);
  }

  /** All that lies over marks of a lane, or of any; it may hold marks of other lanes too. */
  over(lane?: LaneId): ReadonlyMap<number, Over> {
    if (lane === undefined) return (this.everything ??= flatten(this.bundles));
    return flatten(this.bundles.filter(({ lanes, whole }) => lanes.has(lane) || !whole));
  }

  /** With one more on top, and without those that it covers in full. */
  with(bundle: Bundle): { readonly pile: Pile; readonly covered: readonly number[] } {
    const isCovered = ({ over, whole }: Bundle) => whole && isWithin(over, bundle.over);
    const covered = this.bundles.filter(isCovered).map(({ n }) => n);
    return { pile: new Pile([...this.bundles.filter((one) => !isCovered(one)), bundle]), covered };
  }
}

/** Nearly always the first key says no, and a drain asks this of a hundred bundles a batch. */
function isWithin(some: ReadonlyMap<number, unknown>, all: ReadonlyMap<number, unknown>): boolean {
  if (some.size > all.size) return false;
  for (const seq of some.keys()) if (!all.has(seq)) return false;
  return true;
}

function flatten(bundles: readonly Bundle[]): ReadonlyMap<number, Over> {
  const all = new Map<number, Over>();
  for (const { over } of bundles) for (const [seq, one] of over) all.set(seq, one);
  return all;
}

/** What a connection knows of the bundles on the disk: they never change, so that a key is enough to know one again. */
export interface BundleShelf {
  /** The bundles as this transaction finds them; those that other tabs have written are read. */
  load(transaction: Transaction): Promise<Pile>;
  /** To be called with what a transaction of this connection has left, once it has completed. */
  keep(pile: Pile): void;
}

export function createBundleShelf(): BundleShelf {
  let known = new Pile([]);
  return {
    load: async (transaction) => {
      const table = transaction.table<AnyRow, number>('bundles');
      const keys = await table.toCollection().primaryKeys();
      const before = known;
      if (isSame(before.bundles, keys)) return before;
      const byKey = new Map(before.bundles.map((bundle) => [bundle.n, bundle]));
      const missing = keys.filter((n) => !byKey.has(n));
      for (const row of await table.bulkGet(missing)) {
        const bundle = row && asBundle(row);
        if (bundle !== undefined) byKey.set(bundle.n, bundle);
      }
      known = new Pile(keys.flatMap((n) => byKey.get(n) ?? []));
      return known;
    },
    keep: (pile) => {
      known = pile;
    },
  };
}

function isSame(bundles: readonly Bundle[], keys: readonly number[]): boolean {
  return bundles.length === keys.length && bundles.every(({ n }, at) => n === keys[at]);
}
