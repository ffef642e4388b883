import { installationHeader } from '#canvas/gateway-wire.ts';
import type { UserId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import type { ModelRow } from '../model-canvas.ts';
import type { Hop } from '../model-network.ts';
import { readDisk, type DiskRows } from './disk-reader.ts';
import type { RealWorld } from './real-world.ts';
import type { Tablet } from './tablet.ts';

/** One account on one tablet. */
interface Desk {
  readonly tablet: Tablet;
  readonly user: UserId;
}

type Seen = Pick<Mark, 'u' | 'passed' | 'seq' | 'state' | 'rowId'>;

const states: ReadonlySet<MarkState> = new Set([
  'HELD',
  'QUEUED',
  'INFLIGHT',
  'UNKNOWN',
  'CONFIRMED',
  'REJECTED',
  'WITHDRAWN',
  'HANDED_OVER',
]);

/** Holds what the tablets have against what was promised: invariants of sync protocol §15, by their names. */
export class Oracle {
  private readonly world: RealWorld;
  /** By account: marks whose `create` has resolved, or that came with a file. */
  private readonly promised = new Map<string, Set<string>>();
  private readonly seen = new Map<string, Map<string, Seen>>();
  private readonly armed = new Map<string, string>();
  /** How many POSTs of an installation have carried an observation. */
  private readonly carried = new Map<string, number>();
  /** The same, as it was when a mark was handed over. */
  private readonly carriedBefore = new Map<string, number>();
  private readonly surprises: unknown[] = [];

  constructor(world: RealWorld) {
    this.world = world;
  }

  /** A mark was called saved (I1). */
  saved(tablet: Tablet, user: UserId, marks: readonly Pick<Mark, 'id'>[]): void {
    const account = tablet.accountOf(user);
    const own = this.promised.get(account) ?? new Set();
    for (const { id } of marks) own.add(id);
    this.promised.set(account, own);
  }

  /** What nobody foresaw. */
  unexpected(error: unknown): void {
    this.surprises.push(error);
  }

  sent(hop: Hop): void {
    if (hop.kind !== 'post' || hop.leg !== 'device') return;
    const id = /live_assessments\/(\d+)\/results/.exec(hop.path)?.[1];
    const assessment = this.world.canvas.assessments.find((one) => one.id === id);
    if (assessment === undefined) return;
    const { results } = JSON.parse(hop.body ?? '') as { results: SentResult[] };
    for (const { links, passed, assessed_at } of results) {
      const { course, key } = assessment;
      const what = observation({
        lane: `${course}/${key}`,
        student: links.user,
        passed,
        assessedAt: assessed_at,
      });
      const name = `${hop.headers[installationHeader] ?? ''} ${what}`;
      this.carried.set(name, (this.carried.get(name) ?? 0) + 1);
    }
  }

  /** After every command. */
  async check(): Promise<void> {
    const [surprise] = this.surprises;
    if (surprise !== undefined) throw surprise as Error;
    for (const desk of this.desks()) this.checkDesk(desk, await readDisk(desk.tablet.accountOf(desk.user)));
  }

  /** When nothing is left to do. @param oneRow while A1 to A3 hold */
  async checkAtRest(oneRow: boolean): Promise<void> {
    await this.check();
    const explained = new Set<string>();
    for (const { tablet, user } of this.desks()) {
      for (const mark of (await readDisk(tablet.accountOf(user))).marks) {
        const rows = this.rowsOf(mark);
        for (const { id } of rows) explained.add(id);
        const known: readonly string[] = [mark.rowId ?? '', ...(mark.duplicateRowIds ?? [])];
        if (mark.state === 'CONFIRMED') {
          if (rows.length === 0 || (oneRow && rows.length > 1)) fail('I14', `${rows.length} rows of`, mark);
          if (rows.some(({ id }) => !known.includes(id))) fail('I15', 'a surplus row is not shown on', mark);
        } else if (mark.state === 'HANDED_OVER') {
          if (oneRow && rows.length > 1) fail('I14', `${rows.length} rows of`, mark);
        } else if (rows.length > 0) fail('I9', `${rows.length} rows of`, mark);
      }
    }
    for (const { id } of this.world.canvas.rows)
      if (!explained.has(id)) fail('I16', `no mark explains row ${id}`);
  }

  private checkDesk({ tablet, user }: Desk, rows: DiskRows): void {
    const account = tablet.accountOf(user);
    const { marks, batches, attempts } = rows;
    const before = this.seen.get(account) ?? new Map<string, Seen>();
    const ids = new Set(marks.map(({ id }) => String(id)));
    for (const id of [...(this.promised.get(account) ?? []), ...before.keys()])
      if (!ids.has(id)) fail('I1, I7', `mark ${id} is gone`);
    if (new Set(marks.map(({ u }) => u)).size !== marks.length) fail('I3', 'two marks share U');
    const rowIds = marks.flatMap(({ rowId }) => rowId ?? []);
    if (new Set(rowIds).size !== rowIds.length) fail('I6', 'one row confirms two marks');
    for (const mark of marks) {
      if (!states.has(mark.state)) fail('I7', 'no such state', mark);
      if (mark.assessor !== user) fail('I11', 'another assessor', mark);
      this.checkMark(mark, before.get(mark.id));
      this.checkUnsent(mark, rows.installation);
    }
    this.seen.set(account, new Map(marks.map((mark) => [mark.id, mark])));
    this.checkBatches(batches, marks);
    if (attempts.filter(({ phase }) => phase === 'armed').length > 1) fail('I4', 'two attempts are armed');
  }

  private checkMark(mark: Mark, before: Seen | undefined): void {
    if (before !== undefined) {
      const same = before.u === mark.u && before.passed === mark.passed && before.seq === mark.seq;
      if (!same) fail('I3', 'the identity changed of', mark);
      if (before.state === 'CONFIRMED' && (mark.state !== 'CONFIRMED' || mark.rowId !== before.rowId))
        fail('I6', 'CONFIRMED was left by', mark);
      if (before.state === 'WITHDRAWN' && mark.state !== 'WITHDRAWN')
        fail('I9', 'WITHDRAWN was left by', mark);
    }
    const rows = this.rowsOf(mark);
    if (mark.state === 'CONFIRMED' && !rows.some(({ id }) => id === mark.rowId))
      fail('I6', 'confirmed by a row that is not its own:', mark);
    if (mark.state === 'REJECTED') fail('I8', 'rejected without a reason of its own:', mark);
  }

  /** What was taken back never left, and what was handed over leaves no more. */
  private checkUnsent(mark: Mark, installation: string | undefined): void {
    const posts = this.carried.get(`${installation ?? ''} ${observation(mark)}`) ?? 0;
    if (mark.state === 'WITHDRAWN' && (mark.attempted || posts > 0))
      fail('I9', 'withdrawn after an attempt:', mark);
    if (mark.state !== 'HANDED_OVER') return;
    const handOver = `${installation ?? ''} ${mark.fileId ?? ''} ${mark.id}`;
    const before = this.carriedBefore.get(handOver) ?? posts;
    this.carriedBefore.set(handOver, before);
    if (posts > before) fail('I9', 'sent from here after it was handed over:', mark);
  }

  private checkBatches(batches: DiskRows['batches'], marks: readonly Mark[]): void {
    const open = batches.filter(({ state }) => state !== 'closed');
    const members = open.flatMap((batch) => batch.marks.map((seq) => [seq, batch.id] as const));
    if (new Set(members.map(([seq]) => seq)).size !== members.length)
      fail('I10', 'a mark is in two open batches');
    const bySeq = new Map(marks.map((mark) => [mark.seq, mark]));
    for (const [seq, id] of members) {
      const mark = bySeq.get(seq);
      if (mark?.batchId !== id) fail('I10', `batch ${id} and its mark ${seq} do not agree`);
    }
    for (const { id, state, marks: carried } of batches) {
      if (state !== 'armed') continue;
      const was = this.armed.get(id) ?? carried.join();
      if (was !== carried.join()) fail('I10', `armed batch ${id} has changed`);
      this.armed.set(id, was);
    }
  }

  private rowsOf(mark: Mark): ModelRow[] {
    const { canvas } = this.world;
    const assessment = canvas.assessments.find(
      ({ course, key }) => course === mark.course && key === mark.assessmentKey,
    );
    return canvas.rows.filter(
      (row) =>
        row.assessment === assessment?.id &&
        row.student === mark.student &&
        row.passed === mark.passed &&
        row.assessedAt === mark.assessedAt &&
        row.assessor === mark.assessor,
    );
  }

  private desks(): Desk[] {
    return this.world.tablets.flatMap((tablet) => [...tablet.users].map((user) => ({ tablet, user })));
  }
}

interface SentResult {
  readonly passed: boolean;
  readonly assessed_at: string;
  readonly links: { readonly user: string };
}

function observation(of: { lane: string; student: string; passed: boolean; assessedAt: string }): string {
  return `${of.lane} ${of.student} ${of.assessedAt} ${String(of.passed)}`;
}

function fail(invariant: string, what: string, mark?: Mark): never {
  throw new Error(`${invariant}: ${what} ${mark === undefined ? '' : JSON.stringify(mark)}`);
}
