import type { MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { canWithdraw } from '#store/marks/withdraw.ts';
import { Listeners } from './listeners.ts';
import { RoundKeeper } from './round-keeper.ts';
import { isCounted, sameFacts, shownOf, tileOf } from './tile-facts.ts';
import type { AwayReason, OpenTap, TileFacts } from './tile-facts.ts';

/** One tap, named when the finger lifts, so that the same tap given twice to the store is one mark. */
export interface Tap {
  readonly id: MarkId;
  readonly student: UserId;
  readonly passed: boolean;
  /** Device time, ms: it stays that of the tap however often it is offered to the disk. */
  readonly tappedAt: number;
  /** The unsent mark it takes the place of (single mode). */
  readonly replaces?: Mark;
}

/**
 * `saved`: all marks that are new or different. A tap that has none came too late.
 * `too-late`: the mark it was to replace has been sent meanwhile; nothing was written.
 */
export type Saved =
  { readonly kind: 'saved'; readonly marks: readonly Mark[] } | { readonly kind: 'too-late' };

export interface BoardDeps {
  /** Saves the taps of one gesture, all or none; resolves when their transaction has completed. */
  readonly save: (taps: readonly Tap[]) => Promise<Saved>;
  readonly newId: () => MarkId;
  readonly now: () => number;
  /** What became of a gesture. Called after the tiles say so. */
  readonly onSettled?: (taps: readonly Tap[], outcome: Saved['kind'] | 'failed', error?: unknown) => void;
  /** Everybody has been seen, and marks that waited for that are on the disk. It may be told twice. */
  readonly onRoundEnd?: () => void;
  /** Holds the gestures that could not be saved, in the order of failing. A later board may be given it. */
  readonly unsaved?: Set<readonly Tap[]>;
}

/** `tally`: every tap is a further try. `single`: one mark a student, replaced while it is unsent. */
export type MarkingMode = 'tally' | 'single';

/** What became of a touch on a button. */
export type TapResult =
  | 'marked'
  /** The mark before it is still being written. */
  | 'busy'
  /** Single mode, and the student's mark has been sent: Canvas keeps it. */
  | 'sent';

/** Those of a gesture who were not marked, and why. */
interface LeftOut {
  readonly busy: readonly UserId[];
  readonly sent: readonly UserId[];
}

export interface Counters {
  readonly students: number;
  /** In the present round. */
  readonly seen: number;
  readonly notSeen: number;
  readonly away: number;
  /** Taps that could not be saved. */
  readonly unsaved: number;
  readonly selected: number;
  readonly round: number;
  readonly isRoundComplete: boolean;
}

interface StudentEntry {
  /** In order of `seq`. */
  marks: readonly Mark[];
  taps: readonly PaintedTap[];
  caught: 'pass' | 'fail' | undefined;
  isSelected: boolean;
  facts: TileFacts;
  readonly listeners: Listeners;
}

interface PaintedTap extends OpenTap {
  readonly tap: Tap;
}

const blank = tileOf({ marks: [], taps: [], away: undefined, round: { isSeen: false, layers: '' } });

/**
 * The lesson in memory: what every tile says, with listeners for each student apart, so that a tap draws one tile
 * and the counters, in a class of any size.
 *
 * The disk is the truth and the board follows it; a tap is painted before it is on the disk, as "being saved", and
 * says "saved here" only when its transaction has completed.
 */
export class LessonBoard {
  readonly #deps: BoardDeps;
  readonly #unsaved: Set<readonly Tap[]>;
  readonly #students = new Map<UserId, StudentEntry>();
  readonly #rounds = new RoundKeeper();
  readonly #counterListeners = new Listeners();
  #roster: readonly UserId[] = [];
  #away: ReadonlyMap<UserId, AwayReason> = new Map();
  #mode: MarkingMode = 'tally';
  #isTouched = false;
  /** Gestures on their way to the disk. */
  #writing = 0;
  /** The round that was completed last; 0: its end has been told, or undone. */
  #ended = 0;
  #counters: Counters;

  constructor(deps: BoardDeps) {
    this.#deps = deps;
    this.#unsaved = deps.unsaved ?? new Set();
    this.#counters = this.#count();
    for (const taps of this.#unsaved) this.#paint(taps, 'failed');
  }

  tile(student: UserId): TileFacts {
    return this.#students.get(student)?.facts ?? blank;
  }

  /** All that the disk holds of a student in this lesson, in order of `seq`. */
  marksOf(student: UserId): readonly Mark[] {
    return this.#students.get(student)?.marks ?? [];
  }

  /** What the tiles show of all students, in order of `seq`. */
  get marks(): readonly Mark[] {
    return [...this.#students.values()]
      .flatMap((entry) => shownOf(entry).marks)
      .sort((a, b) => a.seq - b.seq);
  }

  subscribeTile(student: UserId, listener: () => void): () => void {
    return this.#entry(student).listeners.add(listener);
  }

  get roster(): readonly UserId[] {
    return this.#roster;
  }

  get counters(): Counters {
    return this.#counters;
  }

  subscribeCounters(listener: () => void): () => void {
    return this.#counterListeners.add(listener);
  }

  /** True from the first tap on. */
  get isTouched(): boolean {
    return this.#isTouched;
  }

  /** Who is in the class now. Marks of others stay on the board, they are only not counted. */
  setRoster(students: readonly UserId[]): void {
    this.#roster = students;
    this.#countRounds();
  }

  setAway(away: ReadonlyMap<UserId, AwayReason>): void {
    this.#away = away;
    this.#countRounds();
  }

  setMode(mode: MarkingMode): void {
    this.#mode = mode;
  }

  /** Takes over all that the disk holds of the lane. */
  read(marks: readonly Mark[]): void {
    for (const entry of this.#students.values()) entry.marks = [];
    for (const mark of marks) this.#put(mark);
    this.#countRounds();
  }

  /** Takes over marks that are new on the disk, or different. */
  follow(marks: readonly Mark[]): void {
    for (const mark of marks) this.#put(mark);
    this.#changed(new Set(marks.map(({ student }) => student)));
  }

  /** Paints a tap and begins to write it, both before this returns. */
  tap(student: UserId, passed: boolean): TapResult {
    const tap = this.#tapOn(student, passed);
    if (typeof tap === 'string') return tap;
    this.#write([tap]);
    return 'marked';
  }

  /** Marks several students alike, as one gesture that is undone as one. */
  tapAll(students: readonly UserId[], passed: boolean): LeftOut {
    const taps: Tap[] = [];
    const left = { busy: [] as UserId[], sent: [] as UserId[] };
    for (const student of students) {
      const tap = this.#tapOn(student, passed);
      if (typeof tap === 'string') left[tap].push(student);
      else taps.push(tap);
    }
    if (taps.length > 0) this.#write(taps);
    return left;
  }

  /** Adds a try although the mode is single: Canvas keeps what has been sent, and averages. */
  tapAgain(student: UserId, passed: boolean): void {
    this.#write([this.#newTap(student, passed)]);
  }

  /** Holds a tap back until another one confirms it, or lets go of one that was held back. */
  setCaught(student: UserId, caught: 'pass' | 'fail' | undefined): void {
    this.#entry(student).caught = caught;
    this.#redraw([student]);
  }

  /** Chooses students to be marked together. */
  setSelected(students: ReadonlySet<UserId>): void {
    const changed: UserId[] = [];
    for (const id of new Set([...students, ...this.#students.keys()])) {
      const entry = this.#entry(id);
      if (entry.isSelected === students.has(id)) continue;
      entry.isSelected = students.has(id);
      changed.push(id);
    }
    this.#redraw(changed);
  }

  get selected(): readonly UserId[] {
    return this.#roster.filter((student) => this.tile(student).isSelected);
  }

  /** Offers every gesture that could not be saved to the disk again, under its old names, all or none of it. */
  saveAgain(): void {
    for (const taps of [...this.#unsaved]) this.#write(taps);
  }

  /** Lets go of every tap that could not be saved: the teacher has read that it was not. */
  forgetUnsaved(): void {
    this.#unsaved.clear();
    for (const entry of this.#students.values()) {
      entry.taps = entry.taps.filter(({ state }) => state === 'saving');
    }
    this.#redraw(this.#students.keys());
  }

  /** The tap, or why there is none. In single mode it takes the place of what was marked before. */
  #tapOn(student: UserId, passed: boolean): Tap | 'busy' | 'sent' {
    const tap = this.#newTap(student, passed);
    if (this.#mode === 'tally') return tap;
    const entry = this.#entry(student);
    if (entry.taps.some(({ state }) => state === 'saving')) return 'busy';
    const replaces = shownOf(entry).marks.findLast(isCounted);
    if (replaces !== undefined && !canWithdraw(replaces)) return 'sent';
    this.#forget(student);
    return { ...tap, ...(replaces !== undefined && { replaces }) };
  }

  /** Lets go of what could not be saved of one student. */
  #forget(student: UserId): void {
    const entry = this.#entry(student);
    entry.taps = entry.taps.filter(({ state }) => state === 'saving');
    for (const taps of [...this.#unsaved]) {
      const others = taps.filter((tap) => tap.student !== student);
      if (others.length === taps.length) continue;
      this.#unsaved.delete(taps);
      if (others.length > 0) this.#unsaved.add(others);
    }
  }

  #newTap(student: UserId, passed: boolean): Tap {
    return { id: this.#deps.newId(), student, passed, tappedAt: this.#deps.now() };
  }

  #write(taps: readonly Tap[]): void {
    this.#isTouched = true;
    this.#writing += 1;
    this.#unsaved.delete(taps);
    this.#paint(taps, 'saving');
    this.#deps.save(taps).then(
      (saved) => {
        this.#writing -= 1;
        const marks = saved.kind === 'saved' ? saved.marks : [];
        if (marks.length > 0) this.follow(marks);
        const ids = new Set(marks.map(({ id }) => id));
        this.#settle(
          taps.filter(({ id }) => ids.has(id)),
          'saved',
        );
        this.#settle(
          taps.filter(({ id }) => !ids.has(id)),
          'too-late',
        );
      },
      (error: unknown) => {
        this.#writing -= 1;
        this.#unsaved.add(taps);
        this.#paint(taps, 'failed');
        this.#deps.onSettled?.(taps, 'failed', error);
      },
    );
  }

  #settle(taps: readonly Tap[], outcome: Saved['kind']): void {
    if (taps.length === 0) return;
    if (outcome === 'too-late') this.#unpaint(taps);
    this.#deps.onSettled?.(taps, outcome);
  }

  #paint(taps: readonly Tap[], state: OpenTap['state']): void {
    for (const tap of taps) {
      const entry = this.#entry(tap.student);
      const painted = { id: tap.id, passed: tap.passed, state, tap, replaces: tap.replaces?.id };
      const isKnown = entry.taps.some(({ id }) => id === tap.id);
      entry.taps = isKnown
        ? entry.taps.map((other) => (other.id === tap.id ? painted : other))
        : [...entry.taps, painted];
      entry.caught = undefined;
    }
    this.#changed(taps.map(({ student }) => student));
  }

  #unpaint(taps: readonly Tap[]): void {
    for (const tap of taps) {
      const entry = this.#entry(tap.student);
      entry.taps = entry.taps.filter(({ id }) => id !== tap.id);
    }
    this.#changed(taps.map(({ student }) => student));
  }

  #put(mark: Mark): void {
    const entry = this.#entry(mark.student);
    entry.marks = withMark(entry.marks, mark);
    if (entry.taps.length > 0) entry.taps = entry.taps.filter(({ id }) => id !== mark.id);
    // It was saved after all, and with it all of its gesture.
    for (const taps of this.#unsaved) if (taps.some(({ id }) => id === mark.id)) this.#unsaved.delete(taps);
  }

  /** Marks or taps of these students are different: the round may be, too. */
  #changed(students: Iterable<UserId>): void {
    let concerns: Iterable<UserId> = students;
    for (const student of students) {
      const { marks, saving } = shownOf(this.#entry(student));
      const sequence = [...marks, ...saving].map(({ passed }) => (passed ? 'p' : 'f')).join('');
      const what = this.#rounds.follow(student, sequence);
      if (what === 'recount') {
        this.#countRounds();
        return;
      }
      if (what === 'all') concerns = this.#students.keys();
    }
    this.#redraw(concerns);
  }

  /** Counts the passes over the class from the first mark on. */
  #countRounds(): void {
    const taps = [...this.#students.values()]
      .flatMap((entry) => entry.taps.filter(({ state }) => state === 'saving'))
      .map(({ tap }) => tap);
    taps.sort((a, b) => a.tappedAt - b.tappedAt);
    this.#rounds.count(new Set(this.#roster.filter((id) => !this.#away.has(id))), [...this.marks, ...taps]);
    this.#redraw(new Set([...this.#roster, ...this.#students.keys()]));
  }

  #redraw(students: Iterable<UserId>): void {
    const changed: StudentEntry[] = [];
    for (const student of students) {
      const entry = this.#entry(student);
      const away = this.#away.get(student);
      const facts = tileOf({ ...entry, away, round: this.#rounds.of(student) });
      if (sameFacts(facts, entry.facts)) continue;
      entry.facts = facts;
      changed.push(entry);
    }
    this.#recount();
    for (const { listeners } of changed) listeners.tell();
    this.#endRound();
  }

  /** The next round may have begun while the last mark of this one was still being written. */
  #endRound(): void {
    const { round, isRoundComplete } = this.#counters;
    if (isRoundComplete) this.#ended = round;
    else if (round <= this.#ended) this.#ended = 0;
    if (this.#ended === 0 || this.#writing > 0) return;
    this.#ended = 0;
    const entries = [...this.#students.values()];
    if (entries.some(({ marks }) => marks.some(waitsForRound))) this.#deps.onRoundEnd?.();
  }

  #recount(): void {
    const now = this.#count();
    const before = this.#counters;
    if ((Object.keys(now) as (keyof Counters)[]).every((key) => now[key] === before[key])) return;
    this.#counters = now;
    this.#counterListeners.tell();
  }

  #count(): Counters {
    const { number: round, isComplete: isRoundComplete } = this.#rounds;
    const counters = { seen: 0, notSeen: 0, away: 0, selected: 0 };
    const unsaved = [...this.#unsaved].reduce((sum, taps) => sum + taps.length, 0);
    for (const student of this.#roster) {
      const facts = this.tile(student);
      if (facts.isSelected) counters.selected += 1;
      if (facts.away !== undefined) counters.away += 1;
      else if (facts.isSeen) counters.seen += 1;
      else counters.notSeen += 1;
    }
    return { ...counters, unsaved, students: this.#roster.length, round, isRoundComplete };
  }

  #entry(student: UserId): StudentEntry {
    const known = this.#students.get(student);
    if (known !== undefined) return known;
    const entry: StudentEntry = {
      marks: [],
      taps: [],
      caught: undefined,
      isSelected: false,
      facts: blank,
      listeners: new Listeners(),
    };
    this.#students.set(student, entry);
    return entry;
  }
}

function waitsForRound({ state, heldUntil }: Mark): boolean {
  return state === 'HELD' && heldUntil === null;
}

/** Puts a mark in its place. Almost always that is the end. */
function withMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const last = marks.at(-1);
  if (last === undefined || last.seq < mark.seq) return [...marks, mark];
  return [...marks.filter(({ seq }) => seq !== mark.seq), mark].sort((a, b) => a.seq - b.seq);
}
