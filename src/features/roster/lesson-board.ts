import type { MarkId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { Counters } from './lesson-counters.ts';
import { LessonTiles } from './lesson-tiles.ts';
import { RoundEnd } from './round-end.ts';
import { dropFailedTaps, dropTap, markToReplace, paintTap, putMark } from './student-entry.ts';
import { TapWriter } from './tap-writer.ts';
import type { SaveTaps, Settled, Tap } from './tap.ts';
import type { AwayReason, OpenTap, TileFacts } from './tile-facts.ts';
import { countUnsaved, dropSaved, dropTapsOn } from './unsaved-gestures.ts';
import type { UnsavedGestures } from './unsaved-gestures.ts';

export interface BoardDeps {
  readonly save: SaveTaps;
  readonly newId: () => MarkId;
  readonly now: () => number;
  /** What became of a gesture. Called after the tiles say so. */
  readonly onSettled?: Settled;
  /** Everybody has been seen, and marks that waited for that are on the disk. It may be told twice. */
  readonly onRoundEnd?: () => void;
  /** Holds what could not be saved. A later board may be given it. */
  readonly unsaved?: UnsavedGestures;
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

/**
 * The lesson in memory: what every tile says, with listeners for each student apart, so that a tap draws one tile
 * and the counters, in a class of any size.
 *
 * The disk is the truth and the board follows it; a tap is painted before it is on the disk, as "being saved", and
 * says "saved here" only when its transaction has completed.
 */
export class LessonBoard {
  readonly #deps: BoardDeps;
  readonly #writer: TapWriter;
  readonly #unsaved: UnsavedGestures;
  readonly #tiles: LessonTiles;
  readonly #roundEnd = new RoundEnd();
  #mode: MarkingMode = 'tally';
  #isTouched = false;

  constructor(deps: BoardDeps) {
    this.#deps = deps;
    this.#writer = new TapWriter({
      save: deps.save,
      begin: (taps) => this.#paint(taps, 'saving'),
      follow: (marks) => this.follow(marks),
      settle: (taps, outcome, error) => this.#settle(taps, outcome, error),
    });
    this.#unsaved = deps.unsaved ?? new Set();
    this.#tiles = new LessonTiles({
      countUnsaved: () => countUnsaved(this.#unsaved),
      onDrawn: () => this.#endRound(),
    });
    for (const taps of this.#unsaved) this.#paint(taps, 'failed');
  }

  tile(student: UserId): TileFacts {
    return this.#tiles.tile(student);
  }

  subscribeTile(student: UserId, listener: () => void): () => void {
    return this.#tiles.subscribeTile(student, listener);
  }

  get counters(): Counters {
    return this.#tiles.counters;
  }

  subscribeCounters(listener: () => void): () => void {
    return this.#tiles.subscribeCounters(listener);
  }

  /** All that the disk holds of a student in this lesson, in order of `seq`. */
  marksOf(student: UserId): readonly Mark[] {
    return this.#tiles.entries.get(student)?.marks ?? [];
  }

  /** What the tiles show of all students, in order of `seq`. */
  get marks(): readonly Mark[] {
    return this.#tiles.marks;
  }

  get roster(): readonly UserId[] {
    return this.#tiles.roster;
  }

  /** True from the first tap on. */
  get isTouched(): boolean {
    return this.#isTouched;
  }

  /** Who is in the class now. Marks of others stay on the board, they are only not counted. */
  setRoster(students: readonly UserId[]): void {
    this.#tiles.setRoster(students);
  }

  setAway(away: ReadonlyMap<UserId, AwayReason>): void {
    this.#tiles.setAway(away);
  }

  setMode(mode: MarkingMode): void {
    this.#mode = mode;
  }

  /** Takes over all that the disk holds of the lane. */
  read(marks: readonly Mark[]): void {
    for (const entry of this.#tiles.entries.values()) entry.marks = [];
    for (const mark of marks) this.#put(mark);
    this.#tiles.countRounds();
  }

  /** Takes over marks that are new on the disk, or different. */
  follow(marks: readonly Mark[]): void {
    for (const mark of marks) this.#put(mark);
    this.#tiles.changed(new Set(marks.map(({ student }) => student)));
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
    this.#tiles.entry(student).caught = caught;
    this.#tiles.redraw([student]);
  }

  /** Chooses students to be marked together. */
  setSelected(students: ReadonlySet<UserId>): void {
    const changed: UserId[] = [];
    for (const id of new Set([...students, ...this.#tiles.entries.keys()])) {
      const entry = this.#tiles.entry(id);
      if (entry.isSelected === students.has(id)) continue;
      entry.isSelected = students.has(id);
      changed.push(id);
    }
    this.#tiles.redraw(changed);
  }

  get selected(): readonly UserId[] {
    return this.roster.filter((student) => this.tile(student).isSelected);
  }

  /** Offers every gesture that could not be saved to the disk again, under its old names, all or none of it. */
  saveAgain(): void {
    for (const taps of [...this.#unsaved]) this.#write(taps);
  }

  /** Lets go of every tap that could not be saved: the teacher has read that it was not. */
  forgetUnsaved(): void {
    this.#unsaved.clear();
    for (const entry of this.#tiles.entries.values()) dropFailedTaps(entry);
    this.#tiles.redraw(this.#tiles.entries.keys());
  }

  /** The tap, or why there is none. In single mode it takes the place of what was marked before. */
  #tapOn(student: UserId, passed: boolean): Tap | 'busy' | 'sent' {
    const tap = this.#newTap(student, passed);
    if (this.#mode === 'tally') return tap;
    const entry = this.#tiles.entry(student);
    const replaces = markToReplace(entry);
    if (typeof replaces === 'string') return replaces;
    dropFailedTaps(entry);
    dropTapsOn(this.#unsaved, student);
    return { ...tap, ...(replaces !== undefined && { replaces }) };
  }

  #newTap(student: UserId, passed: boolean): Tap {
    return { id: this.#deps.newId(), student, passed, tappedAt: this.#deps.now() };
  }

  #write(taps: readonly Tap[]): void {
    this.#isTouched = true;
    this.#unsaved.delete(taps);
    this.#writer.write(taps);
  }

  #settle(...[taps, outcome, error]: Parameters<Settled>): void {
    if (outcome === 'failed') {
      this.#unsaved.add(taps);
      this.#paint(taps, 'failed');
    }
    if (outcome === 'too-late') {
      for (const { student, id } of taps) dropTap(this.#tiles.entry(student), id);
      this.#tiles.changed(taps.map(({ student }) => student));
    }
    this.#deps.onSettled?.(taps, outcome, error);
  }

  #paint(taps: readonly Tap[], state: OpenTap['state']): void {
    for (const tap of taps) paintTap(this.#tiles.entry(tap.student), tap, state);
    this.#tiles.changed(taps.map(({ student }) => student));
  }

  #put(mark: Mark): void {
    putMark(this.#tiles.entry(mark.student), mark);
    dropSaved(this.#unsaved, mark.id);
  }

  #endRound(): void {
    if (!this.#roundEnd.isDue(this.counters, this.#writer.isWriting)) return;
    const all = [...this.#tiles.entries.values()];
    if (all.some(({ marks }) => marks.some(waitsForRound))) this.#deps.onRoundEnd?.();
  }
}

function waitsForRound({ state, heldUntil }: Mark): boolean {
  return state === 'HELD' && heldUntil === null;
}
