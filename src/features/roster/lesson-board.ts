import type { MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { sameFacts, tileOf } from './tile-facts.ts';
import type { AwayReason, OpenTap, TileFacts } from './tile-facts.ts';

/** One tap, named when the finger lifts, so that the same tap given twice to the store is one mark. */
export interface Tap {
  readonly id: MarkId;
  readonly student: UserId;
  readonly passed: boolean;
}

export interface BoardDeps {
  /** Resolves when the mark's transaction has completed. */
  readonly save: (tap: Tap) => Promise<Mark>;
  readonly newId: () => MarkId;
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
  marks: readonly Mark[];
  taps: readonly OpenTap[];
  facts: TileFacts;
  readonly listeners: Set<() => void>;
}

const blank: TileFacts = tileOf({ marks: [], taps: [], away: undefined });

/**
 * The lesson in memory: what every tile says, with listeners for each student apart, so that a tap draws one tile
 * and the counters, in a class of any size.
 *
 * The disk is the truth and the board follows it (`follow`); a tap is painted before it is on the disk, as "being
 * saved", and says "saved here" only when its transaction has completed. What this page has just written is kept
 * beside the reading until a reading shows it, so that a reading begun earlier cannot make a mark flicker away.
 */
export class LessonBoard {
  readonly #deps: BoardDeps;
  readonly #students = new Map<UserId, StudentEntry>();
  readonly #written = new Map<MarkId, Mark>();
  readonly #counterListeners = new Set<() => void>();
  #roster: readonly UserId[] = [];
  #away: ReadonlyMap<UserId, AwayReason> = new Map();
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

  /** Takes over a reading of the lane. @param marks all of it, in order of `seq` */
  follow(marks: readonly Mark[]): void {
    const read = new Map<UserId, Mark[]>();
    for (const mark of marks) {
      const own = this.#freshest(mark);
      const list = read.get(own.student);
      if (list === undefined) read.set(own.student, [own]);
      else list.push(own);
    }
    const ids = new Set(marks.map((mark) => mark.id));
    for (const mark of this.#written.values()) {
      if (!ids.has(mark.id)) read.set(mark.student, [...(read.get(mark.student) ?? []), mark]);
    }
    for (const student of read.keys()) this.#entry(student);
    for (const [student, entry] of this.#students) {
      entry.marks = read.get(student) ?? [];
      if (entry.taps.length > 0) entry.taps = entry.taps.filter((tap) => !ids.has(tap.id));
    }
    this.#redraw(this.#students.keys());
  }

  /** Paints a tap and begins to write it, both before this returns. */
  tap(student: UserId, passed: boolean): MarkId {
    const tap = { id: this.#deps.newId(), student, passed };
    this.#write(tap);
    return tap.id;
  }

  /** Offers every tap that could not be saved to the disk again, under its old name. */
  saveAgain(): void {
    for (const [student, entry] of this.#students) {
      for (const tap of entry.taps) {
        if (tap.state === 'failed') this.#write({ id: tap.id, student, passed: tap.passed });
      }
    }
  }

  /** Lets go of the taps of a student that could not be saved: the teacher has seen it. */
  forget(student: UserId): void {
    const entry = this.#entry(student);
    entry.taps = entry.taps.filter((tap) => tap.state === 'saving');
    this.#redraw([student]);
  }

  /** Shows marks as this page has just written them, before a reading does. */
  wrote(marks: readonly Mark[]): void {
    for (const mark of marks) {
      this.#written.set(mark.id, mark);
      const entry = this.#entry(mark.student);
      const others = entry.marks.filter((other) => other.id !== mark.id);
      entry.marks = [...others, mark].sort((a, b) => a.seq - b.seq);
      entry.taps = entry.taps.filter((tap) => tap.id !== mark.id);
    }
    this.#redraw(new Set(marks.map((mark) => mark.student)));
  }

  #write(tap: Tap): void {
    this.#setTap(tap, 'saving');
    this.#deps.save(tap).then(
      (mark) => {
        this.wrote([mark]);
        this.#deps.onSettled?.(tap, this.tile(tap.student));
      },
      (error: unknown) => {
        this.#setTap(tap, 'failed');
        this.#deps.onSettled?.(tap, this.tile(tap.student), error);
      },
    );
  }

  #setTap({ id, student, passed }: Tap, state: OpenTap['state']): void {
    const entry = this.#entry(student);
    const tap = { id, passed, state };
    const isKnown = entry.taps.some((other) => other.id === id);
    entry.taps = isKnown ? entry.taps.map((other) => (other.id === id ? tap : other)) : [...entry.taps, tap];
    this.#redraw([student]);
  }

  /** The later of what was read and what was written here; forgets what the reading has caught up with. */
  #freshest(read: Mark): Mark {
    const written = this.#written.get(read.id);
    if (written === undefined) return read;
    if (written.state === 'WITHDRAWN' && read.state !== 'WITHDRAWN') return written;
    this.#written.delete(read.id);
    return read;
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
