import type { MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { sameFacts, tileOf } from './tile-facts.ts';
import type { AwayReason, OpenTap, TileFacts } from './tile-facts.ts';

/** One tap, named when the finger lifts, so that the same tap given twice to the store is one mark. */
export interface Tap {
  readonly id: MarkId;
  readonly student: UserId;
  readonly passed: boolean;
  /** Device time, ms: it stays that of the tap however often it is offered to the disk. */
  readonly tappedAt: number;
}

export interface BoardDeps {
  /** Resolves when the mark's transaction has completed. */
  readonly save: (tap: Tap) => Promise<Mark>;
  readonly newId: () => MarkId;
  readonly now: () => number;
  /** A tap reached the disk, or did not. Called after the tile says so. */
  readonly onSettled?: (tap: Tap, facts: TileFacts, error?: unknown) => void;
}

export interface Counters {
  readonly students: number;
  readonly seen: number;
  readonly notSeen: number;
  readonly away: number;
  readonly unsaved: number;
}

interface StudentEntry {
  /** In order of `seq`. */
  marks: readonly Mark[];
  taps: readonly PaintedTap[];
  facts: TileFacts;
  readonly listeners: Set<() => void>;
}

interface PaintedTap extends OpenTap {
  readonly tap: Tap;
}

const blank: TileFacts = tileOf({ marks: [], taps: [], away: undefined });

/**
 * The lesson in memory: what every tile says, with listeners for each student apart, so that a tap draws one tile
 * and the counters, in a class of any size.
 *
 * The disk is the truth and the board follows it; a tap is painted before it is on the disk, as "being saved", and
 * says "saved here" only when its transaction has completed.
 */
export class LessonBoard {
  readonly #deps: BoardDeps;
  readonly #students = new Map<UserId, StudentEntry>();
  readonly #counterListeners = new Set<() => void>();
  #roster: readonly UserId[] = [];
  #away: ReadonlyMap<UserId, AwayReason> = new Map();
  #isTouched = false;
  #counters: Counters = { students: 0, seen: 0, notSeen: 0, away: 0, unsaved: 0 };

  constructor(deps: BoardDeps) {
    this.#deps = deps;
  }

  tile(student: UserId): TileFacts {
    return this.#students.get(student)?.facts ?? blank;
  }

  subscribeTile(student: UserId, listener: () => void): () => void {
    const { listeners } = this.#entry(student);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** True from the first tap on. */
  get isTouched(): boolean {
    return this.#isTouched;
  }

  get counters(): Counters {
    return this.#counters;
  }

  subscribeCounters(listener: () => void): () => void {
    this.#counterListeners.add(listener);
    return () => this.#counterListeners.delete(listener);
  }

  /** Who is in the class now. Marks of others stay on the board, they are only not counted. */
  setRoster(students: readonly UserId[]): void {
    this.#roster = students;
    this.#recount();
  }

  setAway(away: ReadonlyMap<UserId, AwayReason>): void {
    const changed = new Set([...this.#away.keys(), ...away.keys()]);
    this.#away = away;
    this.#redraw(changed);
  }

  /** Takes over all that the disk holds of the lane. */
  read(marks: readonly Mark[]): void {
    for (const entry of this.#students.values()) entry.marks = [];
    this.follow(marks);
    this.#redraw(this.#students.keys());
  }

  /** Takes over marks that are new on the disk, or different. */
  follow(marks: readonly Mark[]): void {
    for (const mark of marks) {
      const entry = this.#entry(mark.student);
      entry.marks = withMark(entry.marks, mark);
      if (entry.taps.length > 0) entry.taps = entry.taps.filter(({ id }) => id !== mark.id);
    }
    this.#redraw(new Set(marks.map(({ student }) => student)));
  }

  /** Paints a tap and begins to write it, both before this returns. */
  tap(student: UserId, passed: boolean): MarkId {
    const tap = { id: this.#deps.newId(), student, passed, tappedAt: this.#deps.now() };
    this.#isTouched = true;
    this.#write(tap);
    return tap.id;
  }

  /** Offers every tap that could not be saved to the disk again, under its old name. */
  saveAgain(): void {
    for (const entry of this.#students.values()) {
      for (const { tap, state } of entry.taps) if (state === 'failed') this.#write(tap);
    }
  }

  /** Lets go of every tap that could not be saved: the teacher has read that it was not. */
  forgetUnsaved(): void {
    for (const entry of this.#students.values()) {
      entry.taps = entry.taps.filter(({ state }) => state === 'saving');
    }
    this.#redraw(this.#students.keys());
  }

  #write(tap: Tap): void {
    this.#setTap(tap, 'saving');
    this.#deps.save(tap).then(
      (mark) => {
        this.follow([mark]);
        this.#deps.onSettled?.(tap, this.tile(tap.student));
      },
      (error: unknown) => {
        this.#setTap(tap, 'failed');
        this.#deps.onSettled?.(tap, this.tile(tap.student), error);
      },
    );
  }

  #setTap(tap: Tap, state: OpenTap['state']): void {
    const entry = this.#entry(tap.student);
    const painted = { id: tap.id, passed: tap.passed, state, tap };
    const isKnown = entry.taps.some(({ id }) => id === tap.id);
    entry.taps = isKnown
      ? entry.taps.map((other) => (other.id === tap.id ? painted : other))
      : [...entry.taps, painted];
    this.#redraw([tap.student]);
  }

  #redraw(students: Iterable<UserId>): void {
    const changed: StudentEntry[] = [];
    for (const student of students) {
      const entry = this.#entry(student);
      const facts = tileOf({ marks: entry.marks, taps: entry.taps, away: this.#away.get(student) });
      if (sameFacts(facts, entry.facts)) continue;
      entry.facts = facts;
      changed.push(entry);
    }
    if (changed.length === 0) return;
    this.#recount();
    for (const { listeners } of changed) for (const listener of listeners) listener();
  }

  #recount(): void {
    const counters = { students: this.#roster.length, seen: 0, notSeen: 0, away: 0, unsaved: 0 };
    for (const student of this.#roster) {
      const facts = this.tile(student);
      if (facts.unsaved !== undefined) counters.unsaved += 1;
      if (facts.away !== undefined) counters.away += 1;
      else if (facts.last === 'none') counters.notSeen += 1;
      else counters.seen += 1;
    }
    const before = this.#counters;
    if ((Object.keys(counters) as (keyof Counters)[]).every((key) => counters[key] === before[key])) return;
    this.#counters = counters;
    for (const listener of this.#counterListeners) listener();
  }

  #entry(student: UserId): StudentEntry {
    const known = this.#students.get(student);
    if (known !== undefined) return known;
    const entry: StudentEntry = { marks: [], taps: [], facts: blank, listeners: new Set() };
    this.#students.set(student, entry);
    return entry;
  }
}

/** Puts a mark in its place. Almost always that is the end. */
function withMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const last = marks.at(-1);
  if (last === undefined || last.seq < mark.seq) return [...marks, mark];
  return [...marks.filter(({ seq }) => seq !== mark.seq), mark].sort((a, b) => a.seq - b.seq);
}
