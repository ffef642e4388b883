import type { UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { countTiles, sameCounters } from './lesson-counters.ts';
import type { Counters } from './lesson-counters.ts';
import { Listeners } from './listeners.ts';
import { RoundKeeper } from './round-keeper.ts';
import { blankTile, newEntry, savingTaps } from './student-entry.ts';
import type { StudentEntry } from './student-entry.ts';
import { sameFacts, shownOf, tileOf } from './tile-facts.ts';
import type { AwayReason, TileFacts } from './tile-facts.ts';

interface LessonTilesDeps {
  readonly countUnsaved: () => number;
  /** Tiles and counters say what is so now, and everybody who listens has been told. */
  readonly onDrawn: () => void;
}

/**
 * What every tile and the counters say, put together from marks, taps, rounds and who is away, with listeners for
 * each student apart. Whoever changes an entry says whose it was: `changed` for marks and taps, else `redraw`.
 */
export class LessonTiles {
  readonly #deps: LessonTilesDeps;
  readonly #students = new Map<UserId, StudentEntry>();
  readonly #rounds = new RoundKeeper();
  readonly #counterListeners = new Listeners();
  #roster: readonly UserId[] = [];
  #away: ReadonlyMap<UserId, AwayReason> = new Map();
  #counters: Counters;

  constructor(deps: LessonTilesDeps) {
    this.#deps = deps;
    this.#counters = this.#count();
  }

  readonly tile = (student: UserId): TileFacts => this.#students.get(student)?.facts ?? blankTile;

  /** Also of those who are not in the class any more. */
  get entries(): ReadonlyMap<UserId, StudentEntry> {
    return this.#students;
  }

  entry(student: UserId): StudentEntry {
    const known = this.#students.get(student);
    if (known !== undefined) return known;
    const entry = newEntry();
    this.#students.set(student, entry);
    return entry;
  }

  /** What the tiles show of all students, in order of `seq`. */
  get marks(): readonly Mark[] {
    return [...this.#students.values()]
      .flatMap((entry) => shownOf(entry).marks)
      .sort((a, b) => a.seq - b.seq);
  }

  get counters(): Counters {
    return this.#counters;
  }

  subscribeTile(student: UserId, listener: () => void): () => void {
    return this.entry(student).listeners.add(listener);
  }

  subscribeCounters(listener: () => void): () => void {
    return this.#counterListeners.add(listener);
  }

  get roster(): readonly UserId[] {
    return this.#roster;
  }

  setRoster(students: readonly UserId[]): void {
    this.#roster = students;
    this.countRounds();
  }

  setAway(away: ReadonlyMap<UserId, AwayReason>): void {
    this.#away = away;
    this.countRounds();
  }

  /** Marks or taps of these students are different: the round may be, too. */
  changed(students: Iterable<UserId>): void {
    let concerns: Iterable<UserId> = students;
    for (const student of students) {
      const { marks, saving } = shownOf(this.entry(student));
      const sequence = [...marks, ...saving].map(({ passed }) => (passed ? 'p' : 'f')).join('');
      const what = this.#rounds.follow(student, sequence);
      if (what === 'recount') {
        this.countRounds();
        return;
      }
      if (what === 'all') concerns = this.#students.keys();
    }
    this.redraw(concerns);
  }

  /** Counts the passes over the class from the first mark on. */
  countRounds(): void {
    const taps = [...this.#students.values()].flatMap(savingTaps);
    taps.sort((a, b) => a.tappedAt - b.tappedAt);
    this.#rounds.count(new Set(this.#roster.filter((id) => !this.#away.has(id))), [...this.marks, ...taps]);
    this.redraw(new Set([...this.#roster, ...this.#students.keys()]));
  }

  /** What else their tiles say is different. */
  redraw(students: Iterable<UserId>): void {
    const changed: StudentEntry[] = [];
    for (const student of students) {
      const entry = this.entry(student);
      const away = this.#away.get(student);
      const facts = tileOf({ ...entry, away, round: this.#rounds.of(student) });
      if (sameFacts(facts, entry.facts)) continue;
      entry.facts = facts;
      changed.push(entry);
    }
    this.#recount();
    for (const { listeners } of changed) listeners.tell();
    this.#deps.onDrawn();
  }

  #recount(): void {
    const now = this.#count();
    if (sameCounters(now, this.#counters)) return;
    this.#counters = now;
    this.#counterListeners.tell();
  }

  #count(): Counters {
    const { number: round, isComplete: isRoundComplete } = this.#rounds;
    const unsaved = this.#deps.countUnsaved();
    return { ...countTiles(this.#roster, this.tile), unsaved, round, isRoundComplete };
  }
}
