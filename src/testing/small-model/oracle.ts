import type { Mark, MarkState } from '#domain/mark.ts';
import type { MemoryDisk } from '../memory-disk.ts';
import type { ModelAnswer, ModelCanvas, ModelRow } from '../model-canvas.ts';
import type { ModelTime } from './model-time.ts';

/**
 * SETTLE as the protocol has it (§3), not as the code under test does: A1 and A3 are promises of the world, and a
 * core that waits less must be found out.
 */
export const promisedSettleMs = 120_000;

/** Which of the assumptions of §2 the world does not keep. */
export type Broken = 'A1' | 'A2' | 'A3' | undefined;

/** Invariants of §15; `I5` and `I14` among them speak of what Canvas sees, the others of the device. */
export type Invariant = 'I2' | 'I4' | 'I5' | 'I6' | 'I7' | 'I9' | 'I10' | 'I14' | 'I15' | 'I17';

interface SeenPost {
  readonly n: number;
  readonly tab: string;
  readonly attempt: string;
  readonly marks: readonly string[];
}

/** A complete read, as a tab saw it. */
interface SeenRead {
  readonly n: number;
  readonly beganMs: number;
  readonly tab: string;
  /** Undefined: all students. */
  readonly student: string | undefined;
  readonly marks: ReadonlySet<string>;
}

const states: readonly MarkState[] = [
  'HELD',
  'QUEUED',
  'INFLIGHT',
  'UNKNOWN',
  'CONFIRMED',
  'REJECTED',
  'WITHDRAWN',
  'HANDED_OVER',
];

/** Watches everything from outside, and says when an invariant of §15 does not hold. */
export class Oracle {
  /** The first invariant that did not hold. */
  failure: string | undefined;
  /** At rest: rows more than there should be, each on its mark. Only where an assumption is broken. */
  surplus = 0;
  private readonly time: ModelTime;
  private readonly disk: MemoryDisk;
  private readonly canvas: ModelCanvas;
  private readonly broken: Broken;
  private readonly judged: readonly Invariant[] | undefined;
  /** Rows that a replica lacks for longer than A3 allows. */
  private readonly lost = new Set<string>();
  private events = 0;
  private seenCommits = -1;
  private posts: SeenPost[] = [];
  private reads: SeenRead[] = [];
  /** Pairs of POSTs of one mark with no read between them that allows the second. */
  private readonly unread: { readonly first: string; readonly second: string; readonly mark: string }[] = [];
  private readonly atCanvas = new Set<string>();
  private readonly endedAtMs = new Map<string, number>();
  private readonly attemptOfRow = new Map<string, string>();
  private confirmed = new Map<number, string | undefined>();

  /** @param world.judged the invariants that are looked at; all of them without it */
  constructor(world: {
    readonly time: ModelTime;
    readonly disk: MemoryDisk;
    readonly canvas: ModelCanvas;
    readonly broken: Broken;
    readonly judged: readonly Invariant[] | undefined;
  }) {
    this.time = world.time;
    this.disk = world.disk;
    this.canvas = world.canvas;
    this.broken = world.broken;
    this.judged = world.judged;
  }

  /** A POST leaves a tab. Whether it may is told by I5, as soon as Canvas has seen both. */
  posted(post: { readonly tab: string; readonly attempt: string; readonly marks: readonly string[] }): void {
    this.events += 1;
    for (const earlier of this.posts) {
      for (const mark of earlier.marks.filter((one) => post.marks.includes(one))) {
        if (!this.liesBetween(earlier, post.tab, mark))
          this.unread.push({ first: earlier.attempt, second: post.attempt, mark });
      }
    }
    this.posts.push({ ...post, n: this.events });
    const armed = [...this.disk.attempts.values()].find((one) => one.id === post.attempt);
    const recorded = armed?.marks
      .flatMap((seq) => this.disk.marks.get(seq) ?? [])
      .map(keyOf)
      .sort();
    if (recorded?.join() !== [...post.marks].sort().join())
      this.fail('I2', `${post.attempt} leaves without an arm record of its marks`);
  }

  /** Canvas sees a POST, and stores some rows or none (I5, I14). */
  reached(attempt: string, rows: readonly ModelRow[]): void {
    this.atCanvas.add(attempt);
    for (const { first, second, mark } of this.unread) {
      if (this.atCanvas.has(first) && this.atCanvas.has(second))
        this.fail('I5', `${second} carries ${mark} after ${first} without the read that it takes`);
    }
    for (const row of rows) {
      this.attemptOfRow.set(row.id, attempt);
      if (this.broken === undefined && this.rowsOf(keyOf(row)).length > 1)
        this.fail('I14', `two rows for ${keyOf(row)}`);
    }
  }

  /** The answer to a list is on its way to a tab, and reaches it in the same step. */
  read(seen: { tab: string; beganMs: number; path: string; answer: ModelAnswer }): void {
    this.events += 1;
    if (seen.answer.status !== 200) return;
    const { results, meta } = JSON.parse(seen.answer.body) as ListBody;
    if (results.length !== meta.pagination.count) return;
    const student = new URL(seen.path, 'https://tapmark.test').searchParams.get('user_id') ?? undefined;
    const marks = new Set(results.map((row) => `${row.links.user}|${row.assessed_at}`));
    this.reads.push({ n: this.events, tab: seen.tab, beganMs: seen.beganMs, student, marks });
  }

  /** When the doubt about a held POST ends under A1; undefined while its attempt has not ended. */
  expiryOf(post: { readonly attempt: string; readonly sentAtMs: number }): number | undefined {
    const endedMs = this.endedAtMs.get(post.attempt);
    if (endedMs === undefined || this.broken === 'A1') return undefined;
    // Sent after its end by a tab that should have known better: the network owes it the same time.
    return Math.max(endedMs, post.sentAtMs - 2_000) + promisedSettleMs;
  }

  /** A replica begins to lag. Where A3 does not hold, what is there by now will be missing for longer than it says. */
  lags(): void {
    if (this.broken === 'A3') for (const row of this.canvas.rows) this.lost.add(row.id);
  }

  /** A3: a replica may lack what was stored, but not once SETTLE has passed since the attempt ended. */
  mayBeMissing(row: ModelRow): boolean {
    const endedMs = this.endedAtMs.get(this.attemptOfRow.get(row.id) ?? '');
    const longestMs = this.lost.has(row.id) ? promisedSettleMs * 1.5 : promisedSettleMs;
    return endedMs === undefined || this.time.nowMs < endedMs + longestMs;
  }

  /** After every step: I4, I6, I7, I10. @param taps how many marks were saved */
  check(taps: number): void {
    const { disk } = this;
    if (disk.commits === this.seenCommits) return;
    this.seenCommits = disk.commits;
    for (const attempt of disk.attempts.values()) {
      if (attempt.phase === 'ended' && !this.endedAtMs.has(attempt.id))
        this.endedAtMs.set(attempt.id, this.time.nowMs);
    }
    const marks = [...disk.marks.values()];
    const counted = marks.filter((mark) => states.includes(mark.state)).length;
    if (counted !== taps) this.fail('I7', `${taps} marks were saved, ${counted} stand in a state`);
    for (const mark of marks) this.checkConfirmed(mark);
    const rowIds = marks.flatMap((mark) => mark.rowId ?? []);
    if (new Set(rowIds).size < rowIds.length) this.fail('I6', 'one row confirms two marks');
    const armed = [...disk.attempts.values()].filter((attempt) => attempt.phase === 'armed');
    if (armed.length > 1) this.fail('I4', 'two attempts are armed');
    const batched = [...disk.batches.values()].flatMap((one) => (one.state === 'closed' ? [] : one.marks));
    if (new Set(batched).size < batched.length) this.fail('I10', 'a mark is in two open batches');
  }

  /** The device was put back: what it knew since is rightly forgotten. */
  restored(): void {
    this.confirmed.clear();
    this.seenCommits = -1;
  }

  /** At rest: I14, or I15 where an assumption is broken. */
  checkAtRest(): void {
    for (const mark of this.disk.marks.values()) {
      const rows = this.rowsOf(keyOf(mark)).map((row) => row.id);
      if (mark.state === 'WITHDRAWN') {
        if (rows.length > 0) this.fail('I9', 'a withdrawn mark has a row');
        continue;
      }
      if (this.broken === undefined && rows.length !== 1)
        this.fail('I14', `mark ${mark.seq} is ${mark.state} and has ${rows.length} rows`);
      if (mark.state !== 'CONFIRMED' || rows.length === 0) this.fail('I15', `mark ${mark.seq} is lost`);
      this.surplus += Math.max(0, rows.length - 1);
      const stand = new Set<string>([mark.rowId ?? '', ...(mark.duplicateRowIds ?? [])]);
      const unseen = rows.filter((id) => !stand.has(id));
      if (unseen.length > 0) this.fail('I15', `row ${unseen.join()} does not stand on mark ${mark.seq}`);
    }
  }

  /** What will be judged by what has been: part of the state. */
  fingerprint(): string {
    const ends = [...this.endedAtMs].map(
      ([id, ms]) => `${id}:${Math.min(promisedSettleMs, this.time.nowMs - ms)}`,
    );
    const posts = this.posts.map((post) => `${post.attempt}${post.marks.join()}`);
    const between = this.posts.flatMap((post) =>
      post.marks.map((mark) => {
        const reads = this.reads.filter((read) => this.serves(read, post, mark));
        return [...new Set(reads.map((read) => read.tab))].join();
      }),
    );
    const unread = this.unread.map(({ first, second }) => `${first}-${second}`);
    const lost = [...this.lost].join();
    return `${lost} ${ends.join()} ${posts.join()} ${between.join(';')} ${unread.join()} ${[...this.atCanvas].sort().join()}`;
  }

  fail(invariant: Invariant, why: string): void {
    if (this.judged?.includes(invariant) !== false) this.failure ??= `${invariant}: ${why}`;
  }

  /** I6. */
  private checkConfirmed(mark: Mark): void {
    if (this.confirmed.has(mark.seq)) {
      if (mark.state !== 'CONFIRMED' || mark.rowId !== this.confirmed.get(mark.seq))
        this.fail('I6', `mark ${mark.seq} was CONFIRMED and is ${mark.state}`);
    } else if (mark.state === 'CONFIRMED') {
      this.confirmed.set(mark.seq, mark.rowId);
      if (!this.rowsOf(keyOf(mark)).some((row) => row.id === mark.rowId))
        this.fail('I6', `mark ${mark.seq} is CONFIRMED by a row that is not its own`);
    }
  }

  private rowsOf(key: string): ModelRow[] {
    return this.canvas.rows.filter((row) => keyOf(row) === key);
  }

  private liesBetween(earlier: SeenPost, tab: string, mark: string): boolean {
    return this.reads.some((read) => read.tab === tab && this.serves(read, earlier, mark));
  }

  /** A complete read after a POST that lacks a mark, begun at least SETTLE after its end if that was unknown. */
  private serves(read: SeenRead, earlier: SeenPost, mark: string): boolean {
    if (read.n < earlier.n || read.marks.has(mark)) return false;
    if (read.student !== undefined && read.student !== mark.split('|')[0]) return false;
    const attempt = [...this.disk.attempts.values()].find((one) => one.id === earlier.attempt);
    if (attempt?.phase === 'armed') return false;
    if (attempt?.outcome !== 'unknown' || attempt.vouched === true) return true;
    return read.beganMs >= (this.endedAtMs.get(attempt.id) ?? Infinity) + promisedSettleMs;
  }
}

interface ListBody {
  readonly results: readonly { readonly assessed_at: string; readonly links: { readonly user: string } }[];
  readonly meta: { readonly pagination: { readonly count: number } };
}

/** Student and second: what tells two marks of the small model apart. */
function keyOf(one: { readonly student: string; readonly assessedAt: string }): string {
  return `${one.student}|${one.assessedAt}`;
}
