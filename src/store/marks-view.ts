import { Dexie, type Table, type Transaction } from 'dexie';
import type { LaneId, ResultId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import type { BundleShelf, Over, Pile } from './bundles.ts';
import { markStates } from './marks/count.ts';
import { distinctKeys, getRows } from './mark-requests.ts';
import { asMark, readable } from './rows.ts';
import type { AccountDatabase, AnyRow } from './schema.ts';
import { transact } from './transact.ts';

export interface MarkQuery {
  readonly state: MarkState;
  readonly lane?: LaneId;
  readonly limit?: number;
  /** In order of `seq`, unless this is asked for. */
  readonly newestFirst?: boolean;
}

/** From so many rows on, going from lane to lane is quicker than reading them. */
const few = 100;

/** What lies over rows, and how many of a state's rows at the most. */
interface Hidden {
  readonly over: ReadonlyMap<number, Over>;
  readonly count: number;
}

/** Looks at marks in a transaction of its own. */
export function viewMarks<T>(db: AccountDatabase, look: (view: MarksView) => Promise<T>): Promise<T> {
  return transact(db, 'r!', {
    tables: ['marks', 'bundles'],
    work: (transaction) => look(new MarksView(transaction, db.shelf)),
  });
}

/** Marks as one transaction sees them: the rows of `marks`, and over them what has not been filed yet. */
export class MarksView {
  /** The bundles as this transaction leaves them; undefined while it has written none. */
  left: Pile | undefined;
  private loading: Promise<Pile> | undefined;
  private readonly known = new Map<number, Mark>();
  private readonly transaction: Transaction;
  private readonly shelf: BundleShelf;
  private readonly table: Table<AnyRow, number>;

  constructor(transaction: Transaction, shelf: BundleShelf) {
    this.transaction = transaction;
    this.shelf = shelf;
    this.table = transaction.table<AnyRow, number>('marks');
  }

  pile(): Promise<Pile> {
    return (this.loading ??= this.shelf.load(this.transaction));
  }

  /** After a bundle was put on top. */
  wroteBundle(pile: Pile): void {
    this.left = pile;
    this.loading = Promise.resolve(pile);
  }

  async getMany(seqs: readonly number[]): Promise<Mark[]> {
    const pile = await this.pile();
    const over = new Map(seqs.map((seq) => [seq, pile.find(seq)]));
    const rows = await this.filedRows(seqs.filter((seq) => over.get(seq) === undefined));
    return seqs.flatMap((seq) => {
      const found = over.get(seq);
      return (found === undefined ? rows.get(seq) : found.mark) ?? [];
    });
  }

  async by(index: 'id' | 'u' | 'rowId', value: string): Promise<Mark | undefined> {
    const pile = await this.pile();
    const bundled = index === 'rowId' ? pile.confirmedBy(value as ResultId) : undefined;
    if (bundled !== undefined) return pile.find(bundled)?.mark;
    const row = await this.table.get({ [index]: value });
    const over = pile.find(Number(row?.['seq']));
    return over === undefined ? asMark(row) : over.mark;
  }

  /** The marks of a state that can be read. */
  async select(query: MarkQuery): Promise<Mark[]> {
    const { state, lane, limit = Infinity, newestFirst = false } = query;
    const over = (await this.pile()).over(lane);
    const belongs = (mark: Mark | undefined): mark is Mark =>
      mark?.state === state && (lane === undefined || mark.lane === lane);
    let hidden = 0;
    const added: Mark[] = [];
    for (const { mark, filed } of over.values()) {
      if (filed === state) hidden += 1;
      if (belongs(mark)) added.push(mark);
    }
    const rows = await this.filed(query, { over, count: hidden });
    const marks = readable(rows, asMark);
    if (added.length > 0) {
      marks.push(...added);
      marks.sort((a, b) => (newestFirst ? b.seq - a.seq : a.seq - b.seq));
    }
    return limit === Infinity ? marks : marks.slice(0, limit);
  }

  async count(state: MarkState): Promise<number> {
    const [pile, filed] = await Promise.all([this.pile(), this.collection(state).count()]);
    let count = filed;
    for (const one of pile.over().values()) {
      if (one.mark?.state === state) count += 1;
      if (one.filed === state) count -= 1;
    }
    return count;
  }

  async lanes(state: MarkState): Promise<LaneId[]> {
    const over = (await this.pile()).over();
    const added = marksOver(over, (mark) => mark.state === state).map((mark) => mark.lane);
    const rows = await this.collection(state).limit(few).toArray();
    const filed =
      rows.length < few
        ? notOver(rows, over).map((row) => row['lane'] as LaneId)
        : await this.filedLanes(state, over);
    return [...new Set([...filed, ...added])];
  }

  /** The same of rows that nothing lies over, when they are many: a step a lane and state, however many they are. */
  private async filedLanes(state: MarkState, over: ReadonlyMap<number, Over>): Promise<LaneId[]> {
    const index = this.transaction.idbtrans.objectStore('marks').index('[lane+state]');
    const keys = (await distinctKeys(index)) as [LaneId, MarkState][];
    const lanes = new Set(keys.flatMap(([lane, found]) => (found === state ? [lane] : [])));
    const hidden = new Map<LaneId, number>();
    for (const { mark, filed } of over.values()) {
      if (mark !== undefined && filed === state) hidden.set(mark.lane, (hidden.get(mark.lane) ?? 0) + 1);
    }
    const isEmpty = async ([lane, count]: readonly [LaneId, number]) => {
      if ((await this.collection(state, lane).count()) <= count) lanes.delete(lane);
    };
    await Promise.all([...hidden].map(isEmpty));
    return [...lanes];
  }

  /** All rows of a lane, in every state and in no order; those that cannot be read too. */
  async laneRows(lane: LaneId): Promise<AnyRow[]> {
    const over = (await this.pile()).over(lane);
    const rows = await this.table
      .where('[lane+state]')
      .between([lane, Dexie.minKey], [lane, Dexie.maxKey])
      .toArray();
    return [...notOver(rows, over), ...marksOver(over, (mark) => mark.lane === lane)];
  }

  /** Names of what cannot be read in bundles. */
  async unreadable(): Promise<string[]> {
    const pile = await this.pile();
    const marks = [...pile.over()].filter(([, { mark }]) => mark === undefined).map(([seq]) => `row ${seq}`);
    const bundles = pile.bundles.filter(({ over, whole }) => !whole && over.size === 0);
    return [...marks, ...bundles.map(({ n }) => `bundle ${n}`)];
  }

  /** Rows that no index of states finds. */
  async strangeRows(): Promise<AnyRow[]> {
    const totals = await Promise.all(markStates.map((state) => this.collection(state).count()));
    if ((await this.table.count()) === totals.reduce((sum, total) => sum + total)) return [];
    return this.table.filter((row) => !(markStates as readonly unknown[]).includes(row['state'])).toArray();
  }

  /** All rows of some states, in no order; those that cannot be read too. */
  async stateRows(states: readonly MarkState[]): Promise<AnyRow[]> {
    const over = (await this.pile()).over();
    const rows = await this.table
      .where('state')
      .anyOf([...states])
      .toArray();
    return [...notOver(rows, over), ...marksOver(over, (mark) => states.includes(mark.state))];
  }

  /** The newest marks of a state that are asked for, however many stand before them. */
  async newest(state: MarkState, limit: number, isAskedFor: (mark: Mark) => boolean): Promise<Mark[]> {
    const over = (await this.pile()).over();
    const rows = await this.collection(state)
      .reverse()
      .filter((row) => {
        const mark = over.has(Number(row['seq'])) ? undefined : asMark(row);
        return mark !== undefined && isAskedFor(mark);
      })
      .limit(limit)
      .toArray();
    const added = marksOver(over, (mark) => mark.state === state && isAskedFor(mark));
    return [...readable(rows, asMark), ...added].sort((a, b) => b.seq - a.seq).slice(0, limit);
  }

  /** The state by which the indexes find each of these marks; undefined for one that is not there. */
  async filedStates(seqs: readonly number[]): Promise<(MarkState | undefined)[]> {
    const pile = await this.pile();
    const over = seqs.map((seq) => pile.find(seq));
    const rows = await this.filedRows(seqs.filter((_, at) => over[at] === undefined));
    return seqs.map((seq, at) => (over[at] === undefined ? rows.get(seq)?.state : over[at].filed));
  }

  /** Rows of `marks` that nothing lies over. A key is quicker to read than a row that is not wanted. */
  private async filed(query: MarkQuery, hidden: Hidden): Promise<readonly AnyRow[]> {
    if (query.limit === 1 && hidden.count === 0) return this.inOrder(query, 1).toArray();
    const seqs = await this.freeSeqs(query, hidden);
    return (await getRows(this.transaction.idbtrans.objectStore('marks'), seqs)) as AnyRow[];
  }

  /** @param ask how many keys to look at: few of those that are hidden stand before what is wanted, as a rule */
  private async freeSeqs(
    query: MarkQuery,
    hidden: Hidden,
    ask = (query.limit ?? Infinity) + Math.min(query.limit ?? 0, hidden.count),
  ): Promise<readonly number[]> {
    const { limit = Infinity } = query;
    const keys = await this.inOrder(query, ask).primaryKeys();
    const free = keys.filter((seq) => !hidden.over.has(seq));
    const isAll = keys.length < ask || ask >= limit + hidden.count;
    return free.length >= limit || isAll
      ? free.slice(0, limit)
      : this.freeSeqs(query, hidden, limit + hidden.count);
  }

  /** Both indexes end in the primary key, so their own order is that of `seq`. */
  private inOrder({ state, lane, newestFirst }: MarkQuery, most: number) {
    const found = this.collection(state, lane);
    const ordered = newestFirst === true ? found.reverse() : found;
    return most === Infinity ? ordered : ordered.limit(most);
  }

  private collection(state: MarkState, lane?: LaneId) {
    return lane === undefined
      ? this.table.where('state').equals(state)
      : this.table.where('[lane+state]').equals([lane, state]);
  }

  /** The rows that nothing lies over, each asked for once in a transaction: nobody else can change them. */
  private async filedRows(seqs: readonly number[]): Promise<ReadonlyMap<number, Mark>> {
    const missing = seqs.filter((seq) => !this.known.has(seq));
    if (missing.length > 0) {
      const store = this.transaction.idbtrans.objectStore('marks');
      const rows = (await getRows(store, missing)) as AnyRow[];
      for (const mark of readable(rows, asMark)) this.known.set(mark.seq, mark);
    }
    return this.known;
  }

  /** After a row of `marks` was written. */
  wroteRow(mark: Mark): void {
    this.known.set(mark.seq, mark);
  }
}

function notOver(rows: readonly AnyRow[], over: ReadonlyMap<number, Over>): readonly AnyRow[] {
  return over.size === 0 ? rows : rows.filter((row) => !over.has(Number(row['seq'])));
}

function marksOver(over: ReadonlyMap<number, Over>, wanted: (mark: Mark) => boolean): (Mark & AnyRow)[] {
  const found: Mark[] = [];
  for (const { mark } of over.values()) if (mark !== undefined && wanted(mark)) found.push(mark);
  return found as (Mark & AnyRow)[];
}
