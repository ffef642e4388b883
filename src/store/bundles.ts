import type { Transaction } from 'dexie';
import type { LaneId, ResultId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import { markStates } from './marks/count.ts';
import { answerOf, getEach } from './requests.ts';
import { asMark } from './rows.ts';
import type { AnyRow } from './schema.ts';

/*
 * The marks of a batch change together, when it is armed and when it has ended, and nothing else of the sender can go
 * on before that is on the disk. A row and five index entries a mark, a hundred times, take longer than a POST. So
 * they are written as one row, a bundle, and filed into `marks` when the sender rests (`file-bundles.ts`). Until
 * then a bundle lies over the rows of `marks`, and the newest over the others: whoever reads marks reads them through
 * `marks-view.ts`. A bundle is never changed, only dropped. Decision 016.
 */

export interface MarkQuery {
  readonly state: MarkState;
  readonly lane?: LaneId;
  readonly limit?: number;
  /** In order of `seq`, unless this is asked for. */
  readonly newestFirst?: boolean;
}

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
  /** The smallest and the largest `seq`. */
  readonly least: number;
  readonly most: number;
  readonly lanes: ReadonlySet<LaneId>;
  /** How many of its marks are in a state. */
  readonly marks: Tally<MarkState>;
  /** How many of its marks the indexes find in a state; undefined where that cannot be said. */
  readonly filed: Tally<MarkState | undefined>;
  /** `seq` by row: a row that confirms a mark confirms no other. */
  readonly rows: ReadonlyMap<ResultId, number>;
  /** False where something of it cannot be read: it is left where it is. */
  readonly whole: boolean;
}

type Tally<K> = ReadonlyMap<K, number>;

/**
 * The row of a bundle, without its key `n`. The marks are one text: a browser copies a hundred objects twice before
 * it writes them. The seqs stand apart, so that marks that cannot be read are still known not to be what `marks` says.
 */
export function bundleRow(marks: readonly Mark[], filed: readonly MarkState[]) {
  return { seqs: marks.map((mark) => mark.seq), marks: JSON.stringify(marks), filed };
}

/** The marks of a bundle's row, whatever they are; none where nothing can be read. */
function bundledMarks({ marks }: AnyRow): readonly unknown[] {
  try {
    const found: unknown = JSON.parse(String(marks));
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

export function bundleOf(n: number, marks: readonly Mark[], filed: readonly MarkState[]): Bundle {
  return indexed(n, new Map(marks.map((mark, at) => [mark.seq, { mark, filed: filed[at] }])), true);
}

function indexed(n: number, over: ReadonlyMap<number, Over>, whole: boolean): Bundle {
  const lanes = new Set<LaneId>();
  const rows = new Map<ResultId, number>();
  const marks = new Map<MarkState, number>();
  const filed = new Map<MarkState | undefined, number>();
  let [least, most] = [Infinity, -Infinity];
  for (const [seq, one] of over) {
    least = Math.min(least, seq);
    most = Math.max(most, seq);
    addTo(filed, one.filed, 1);
    if (one.mark === undefined) continue;
    addTo(marks, one.mark.state, 1);
    lanes.add(one.mark.lane);
    if (one.mark.rowId !== undefined) rows.set(one.mark.rowId, one.mark.seq);
  }
  return { n, over, least, most, lanes, marks, filed, rows, whole };
}

function addTo<K>(tally: Map<K, number>, key: K, count: number): void {
  tally.set(key, (tally.get(key) ?? 0) + count);
}

/** A row as the bundle it is, as far as it can be read. */
export function asBundle(row: AnyRow): Bundle {
  const list = (name: string): readonly unknown[] => (Array.isArray(row[name]) ? row[name] : []);
  const marks = bundledMarks(row);
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
  private parts: readonly Bundle[] | undefined;

  constructor(bundles: readonly Bundle[]) {
    this.bundles = bundles;
  }

  find(seq: number): Over | undefined {
    const bundle = this.bundles.findLast(
      ({ least, most, over }) => least <= seq && seq <= most && over.has(seq),
    );
    return bundle?.over.get(seq);
  }

  /** `seq` of the mark that a row confirms, as far as bundles know. */
  confirmedBy(rowId: ResultId): number | undefined {
    return this.bundles.find(({ rows }) => rows.has(rowId))?.rows.get(rowId);
  }

  /** All that lies over marks, by `seq`. */
  over(): ReadonlyMap<number, Over> {
    return (this.everything ??= flatten(this.bundles));
  }

  /** How many more marks of a state there are than the indexes find. */
  gain(state: MarkState): number {
    return this.apart().reduce(
      (sum, { marks, filed }) => sum + countIn(marks, state) - countIn(filed, state),
      0,
    );
  }

  /** How many of a state's rows these lie over, at the most; of a lane's, where one is given. */
  hidden(state: MarkState, lane?: LaneId): number {
    const most = ({ filed }: Bundle) => countIn(filed, state) + countIn(filed, undefined);
    return this.among(lane).reduce((sum, bundle) => sum + most(bundle), 0);
  }

  /** The same lane by lane. */
  hiddenByLane(state: MarkState): ReadonlyMap<LaneId, number> {
    const hidden = new Map<LaneId, number>();
    for (const { over, filed } of this.apart()) {
      if (!filed.has(state)) continue;
      for (const one of over.values()) {
        if (one.mark !== undefined && one.filed === state) addTo(hidden, one.mark.lane, 1);
      }
    }
    return hidden;
  }

  /** Lanes of the marks of a state. */
  lanes(state: MarkState): ReadonlySet<LaneId> {
    const found = new Set<LaneId>();
    for (const { over, lanes, marks } of this.apart()) {
      if (!marks.has(state)) continue;
      if (lanes.size === 1) for (const lane of lanes) found.add(lane);
      else for (const { mark } of over.values()) if (mark?.state === state) found.add(mark.lane);
    }
    return found;
  }

  /** Marks of a state, in no order: all, or those with the `limit` least or largest `seq` among them. */
  marks(query: MarkQuery): Mark[] {
    const { state, lane, limit = Infinity, newestFirst = false } = query;
    const bundles = this.among(lane).filter(({ marks }) => marks.has(state));
    if (limit < Infinity) bundles.sort((a, b) => (newestFirst ? b.most - a.most : a.least - b.least));
    const found: Mark[] = [];
    for (const { over } of bundles) {
      // Those that follow have none that comes before.
      if (found.length >= limit) break;
      for (const { mark } of over.values()) {
        if (mark?.state === state && (lane === undefined || mark.lane === lane)) found.push(mark);
      }
    }
    return found;
  }

  /** With one more on top, and without those that it covers in full. */
  with(bundle: Bundle): { readonly pile: Pile; readonly covered: readonly number[] } {
    const isCovered = ({ over, whole }: Bundle) => whole && isWithin(over, bundle.over);
    const covered = this.bundles.filter(isCovered).map(({ n }) => n);
    return { pile: new Pile([...this.bundles.filter((one) => !isCovered(one)), bundle]), covered };
  }

  /** Those that may say something of a lane. */
  private among(lane: LaneId | undefined): Bundle[] {
    const isOf = ({ lanes, whole }: Bundle) => lane === undefined || !whole || lanes.has(lane);
    return this.apart().filter(isOf);
  }

  /**
   * The same without two that speak of one mark: the bundles themselves when each has a stretch of `seq` of its own, as
   * the batches of a drain have; else one of all that they say together.
   */
  private apart(): readonly Bundle[] {
    if (this.parts !== undefined) return this.parts;
    const sorted = [...this.bundles].sort((a, b) => a.least - b.least);
    const meets = (bundle: Bundle, at: number) => (sorted[at + 1]?.least ?? Infinity) <= bundle.most;
    const whole = this.bundles.every((bundle) => bundle.whole);
    return (this.parts = sorted.some(meets) ? [indexed(0, this.over(), whole)] : this.bundles);
  }
}

function countIn<K>(tally: Tally<K>, key: K): number {
  return tally.get(key) ?? 0;
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
      const store = transaction.idbtrans.objectStore('bundles');
      const keys = (await answerOf(store.getAllKeys())) as number[];
      const before = known;
      if (isSame(before.bundles, keys)) return before;
      const byKey = new Map(before.bundles.map((bundle) => [bundle.n, bundle]));
      const missing = keys.filter((n) => !byKey.has(n));
      for (const row of await getEach(store, missing)) {
        const bundle = asBundle(row as AnyRow);
        byKey.set(bundle.n, bundle);
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
