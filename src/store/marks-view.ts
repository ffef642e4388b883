import type { Transaction } from 'dexie';
import type { LaneId, ResultId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import type { BundleShelf, MarkQuery, Over, Pile } from './bundles.ts';
import { markStates } from './marks/count.ts';
import { answerOf, countsBy, distinctKeys, getRows, lastKeys } from './requests.ts';
import { asMark, readable } from './rows.ts';
import type { AccountDatabase, AnyRow } from './schema.ts';
import { transact } from './transact.ts';

/** From so many rows on, going from lane to lane is quicker than reading them. */
const few = 100;

/** Comes after every text in the order of keys. */
const afterTexts: readonly never[] = [];

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

  constructor(transaction: Transaction, shelf: BundleShelf) {
    this.transaction = transaction;
    this.shelf = shelf;
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
    const over = seqs.map((seq) => pile.find(seq));
    const rows = await this.filedRows(seqs.filter((_, at) => over[at] === undefined));
    return seqs.flatMap((seq, at) => {
      const found = over[at];
      return (found === undefined ? rows.get(seq) : found.mark) ?? [];
    });
  }

  async by(index: 'id' | 'u' | 'rowId', value: string): Promise<Mark | undefined> {
    const pile = await this.pile();
    const bundled = index === 'rowId' ? pile.confirmedBy(value as ResultId) : undefined;
    if (bundled !== undefined) return pile.find(bundled)?.mark;
    const row = (await answerOf(this.store().index(index).get(value))) as AnyRow | undefined;
    const over = pile.find(Number(row?.['seq']));
    return over === undefined ? asMark(row) : over.mark;
  }

  /** The marks of a state that can be read. */
  async select(query: MarkQuery): Promise<Mark[]> {
    const { limit = Infinity, newestFirst = false } = query;
    const pile = await this.pile();
    const marks = readable(await this.filed(query, pile), asMark);
    const added = pile.marks(query);
    if (added.length > 0) {
      marks.push(...added);
      marks.sort((a, b) => (newestFirst ? b.seq - a.seq : a.seq - b.seq));
    }
    return limit === Infinity ? marks : marks.slice(0, limit);
  }

  async count(state: MarkState): Promise<number> {
    const [pile, filed] = await Promise.all([this.pile(), this.filedCount(state)]);
    return filed + pile.gain(state);
  }

  async lanes(state: MarkState): Promise<LaneId[]> {
    const [pile, seqs] = await Promise.all([this.pile(), this.filedSeqs({ state, limit: few })]);
    const filed =
      seqs.length < few ? await this.lanesOf(notUnder(pile, seqs)) : await this.filedLanes(state, pile);
    return [...new Set([...filed, ...pile.lanes(state)])];
  }

  private async lanesOf(seqs: readonly number[]): Promise<LaneId[]> {
    return (await this.rowsOf(seqs)).map((row) => row['lane'] as LaneId);
  }

  /** The same of rows that nothing lies over, when they are many: a step a lane and state, however many they are. */
  private async filedLanes(state: MarkState, pile: Pile): Promise<LaneId[]> {
    const index = this.store().index('[lane+state]');
    const keys = (await distinctKeys(index)) as [LaneId, MarkState][];
    const lanes = new Set(keys.flatMap(([lane, found]) => (found === state ? [lane] : [])));
    const hidden = [...pile.hiddenByLane(state)].filter(([lane]) => lanes.has(lane));
    const counts = await countsBy(
      index,
      hidden.map(([lane]) => [lane, state]),
    );
    hidden.forEach(([lane, count], at) => {
      if ((counts[at] ?? 0) <= count) lanes.delete(lane);
    });
    return [...lanes];
  }

  /** All rows of a lane, in every state and in no order; those that cannot be read too. */
  async laneRows(lane: LaneId): Promise<AnyRow[]> {
    const pile = await this.pile();
    const range = IDBKeyRange.bound([lane], [lane, afterTexts]);
    const seqs = (await answerOf(this.store().index('[lane+state]').getAllKeys(range))) as number[];
    const rows = await this.rowsOf(notUnder(pile, seqs));
    return [...rows, ...marksOver(pile.over(), (mark) => mark.lane === lane)];
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
    const [all, ...totals] = await Promise.all([
      answerOf(this.store().count()),
      ...markStates.map((state) => this.filedCount(state)),
    ]);
    if (all === totals.reduce((sum, total) => sum + total)) return [];
    const known = new Set((await Promise.all(markStates.map((state) => this.filedSeqs({ state })))).flat());
    const seqs = (await answerOf(this.store().getAllKeys())) as number[];
    return this.rowsOf(seqs.filter((seq) => !known.has(seq)));
  }

  /** All rows of some states, in no order; those that cannot be read too. */
  async stateRows(states: readonly MarkState[]): Promise<AnyRow[]> {
    const pile = await this.pile();
    const seqs = (await Promise.all(states.map((state) => this.filedSeqs({ state })))).flat();
    const rows = await this.rowsOf(notUnder(pile, seqs));
    return [...rows, ...marksOver(pile.over(), (mark) => states.includes(mark.state))];
  }

  /** The newest marks of a state that are asked for, however many stand before them. */
  async newest(state: MarkState, limit: number, isAskedFor: (mark: Mark) => boolean): Promise<Mark[]> {
    const over = (await this.pile()).over();
    const rows = await this.transaction
      .table<AnyRow, number>('marks')
      .where('state')
      .equals(state)
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

  /** After a row of `marks` was written. */
  wroteRow(mark: Mark): void {
    this.known.set(mark.seq, mark);
  }

  /** Rows of `marks` that nothing lies over. A key is quicker to read than a row that is not wanted. */
  private async filed(query: MarkQuery, pile: Pile): Promise<AnyRow[]> {
    return this.rowsOf(await this.freeSeqs(query, pile));
  }

  /** @param ask how many keys to look at: few of those that are hidden stand before what is wanted, as a rule */
  private async freeSeqs(query: MarkQuery, pile: Pile, ask?: number): Promise<readonly number[]> {
    const { state, lane, limit = Infinity } = query;
    const hidden = pile.hidden(state, lane);
    const most = ask ?? limit + Math.min(query.limit ?? 0, hidden);
    const seqs = await this.filedSeqs({ ...query, limit: most });
    const free = hidden === 0 ? seqs : notUnder(pile, seqs);
    const isAll = seqs.length < most || most >= limit + hidden;
    return free.length >= limit || isAll ? free.slice(0, limit) : this.freeSeqs(query, pile, limit + hidden);
  }

  /** Both indexes end in the primary key, so their own order is that of `seq`. */
  private async filedSeqs(query: MarkQuery): Promise<readonly number[]> {
    const { limit = Infinity, newestFirst = false } = query;
    const [index, range] = this.place(query);
    if (newestFirst) return (await lastKeys(index, range, limit)) as number[];
    const keys = index.getAllKeys(range, limit === Infinity ? undefined : limit);
    return (await answerOf(keys)) as number[];
  }

  private filedCount(state: MarkState): Promise<number> {
    const [index, range] = this.place({ state });
    return answerOf(index.count(range));
  }

  private place({ state, lane }: MarkQuery): readonly [IDBIndex, IDBKeyRange] {
    return lane === undefined
      ? [this.store().index('state'), IDBKeyRange.only(state)]
      : [this.store().index('[lane+state]'), IDBKeyRange.only([lane, state])];
  }

  /** The rows that nothing lies over, each asked for once in a transaction: nobody else can change them. */
  private async filedRows(seqs: readonly number[]): Promise<ReadonlyMap<number, Mark>> {
    const missing = seqs.filter((seq) => !this.known.has(seq));
    if (missing.length > 0) {
      for (const mark of readable(await this.rowsOf(missing), asMark)) this.known.set(mark.seq, mark);
    }
    return this.known;
  }

  private async rowsOf(seqs: readonly number[]): Promise<AnyRow[]> {
    return (await getRows(this.store(), seqs)) as AnyRow[];
  }

  private store(): IDBObjectStore {
    return this.transaction.idbtrans.objectStore('marks');
  }
}

function notUnder(pile: Pile, seqs: readonly number[]): number[] {
  return seqs.filter((seq) => pile.find(seq) === undefined);
}

function marksOver(over: ReadonlyMap<number, Over>, wanted: (mark: Mark) => boolean): (Mark & AnyRow)[] {
  const found: Mark[] = [];
  for (const { mark } of over.values()) if (mark !== undefined && wanted(mark)) found.push(mark);
  return found as (Mark & AnyRow)[];
}
