import { epochHeader, attemptHeader } from '#canvas/gateway-wire.ts';
import type { AttemptId, LaneId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { Attempt } from '#store/records.ts';
import { readTtlMs, sendGapMs, settleMs } from '#sync/parameters.ts';
import type { Hop } from '../model-network.ts';
import { course, teacher, type SyncWorld } from '../sync-world.ts';
import type { Settings } from './settings.ts';

/** A schedule in which an invariant of sync protocol §15 does not hold. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

interface ReadSeen {
  readonly lane: LaneId;
  readonly epoch: number;
  readonly sentMs: number;
  readonly answeredMs: number;
}

/** Watches a world from outside: the store's rows, what leaves the device, what Canvas holds. */
export class Watch {
  /** Students for whom some refusal is right. */
  readonly bad = new Set<string>();
  /** A backup was put in place: marks of the time after it are gone, and what it forgot may be in Canvas. */
  restored = false;
  /** Reads of a lane that left while an attempt of another was armed. */
  readsBeside = 0;
  private readonly world: SyncWorld;
  private readonly settings: Settings;
  private checkedCommits = -1;
  private readonly born = new Map<string, { readonly u: string; readonly passed: boolean }>();
  private readonly confirmed = new Map<string, string>();
  private readonly sentAt = new Map<string, number>();
  private readonly endedAt = new Map<AttemptId, number>();
  private readonly carriers = new Map<number, AttemptId[]>();
  private readonly reads: ReadSeen[] = [];
  private readonly readStarts = new WeakMap<Hop, number>();

  constructor(world: SyncWorld, settings: Settings) {
    this.world = world;
    this.settings = settings;
    world.network.onAnswer = (hop, answer) => {
      const lane = hop.kind === 'read' && answer.status === 200 ? this.laneOf(hop) : undefined;
      if (lane === undefined) return;
      const epoch = Number(hop.headers[epochHeader] ?? '0');
      const sentMs = this.readStarts.get(hop) ?? Infinity;
      this.reads.push({ lane, epoch, sentMs, answeredMs: world.time.now });
    };
  }

  /** Everything known of the device is forgotten, as a backup does. */
  forget(): void {
    this.restored = true;
    this.born.clear();
    this.confirmed.clear();
    this.carriers.clear();
    this.endedAt.clear();
    this.checkedCommits = -1;
  }

  /** I1: what was called saved is on the disk. */
  saved(id: string): void {
    if (!this.world.disk.idIndex.has(id as never))
      throw new InvariantError(`I1 ${id} is called saved and is not there`);
  }

  /** Every request as it leaves the device. */
  onSend(hop: Hop): void {
    if (hop.leg !== 'device') return;
    if (hop.kind === 'read') this.onRead(hop);
    if (hop.kind === 'post') this.onPost(hop);
  }

  private onRead(hop: Hop): void {
    this.readStarts.set(hop, this.world.time.now);
    const lane = this.laneOf(hop);
    const armed = [...this.world.disk.attempts.values()].find((attempt) => attempt.phase === 'armed');
    if (armed !== undefined && armed.lane !== lane) this.readsBeside += 1;
  }

  private onPost(hop: Hop): void {
    const { disk, time } = this.world;
    const id = hop.headers[attemptHeader] as AttemptId;
    const attempt = disk.attempts.get(id);
    const fail = (what: string): never => {
      throw new InvariantError(`${what} (attempt ${id})`);
    };
    if (attempt === undefined) return fail('I2 a POST without an arm record');
    if (this.sentAt.has(id)) fail('I2 an attempt was sent twice');
    this.sentAt.set(id, time.now);
    const marks = attempt.marks.map((seq) => disk.marks.get(seq));
    if (bodyOf(hop) !== marks.map(asRow).sort().join())
      fail('I2 the body holds other marks than the arm record');
    if (attempt.epoch !== disk.meta.epoch || attempt.phase !== 'armed')
      fail('I4 a POST by an outdated epoch');
    if (disk.lanes.get(attempt.lane)?.gate !== 'open') fail('I12 a POST behind a closed gate');
    this.checkReads(attempt, fail);
    for (const seq of attempt.marks) this.carriers.set(seq, [...(this.carriers.get(seq) ?? []), id]);
  }

  /** I5 and I12: what the POST relies on for "not in Canvas yet". */
  private checkReads(attempt: Attempt, fail: (what: string) => never): void {
    const { now } = this.world.time;
    const reads = this.reads.filter((read) => read.lane === attempt.lane && read.epoch === attempt.epoch);
    const earlier = new Set(attempt.marks.flatMap((seq) => this.carriers.get(seq) ?? []));
    if (earlier.size === 0) {
      if (reads.length === 0) fail('I12 a POST without a complete read in its epoch');
      return;
    }
    const recent = reads.filter((read) => read.answeredMs >= now - readTtlMs - sendGapMs);
    if (recent.length === 0) fail('I12 a POST of marks sent before, without a read just before');
    for (const id of earlier) {
      const before = this.world.disk.attempts.get(id);
      const end = this.endedAt.get(id);
      if (before === undefined || end === undefined) continue;
      const inDoubt = before.outcome === 'unknown' && before.vouched !== true;
      const from = end + (inDoubt ? settleMs : 0);
      if (!reads.some((read) => read.sentMs >= from))
        fail(`I5 no read ${inDoubt ? 'SETTLE ' : ''}after ${id}`);
    }
  }

  /** The store's own invariants, after every step in which something was committed. */
  check(): void {
    const { disk } = this.world;
    if (disk.commits === this.checkedCommits) return;
    this.checkedCommits = disk.commits;
    this.checkAttempts();
    const open = [...disk.batches.values()].filter((batch) => batch.state !== 'closed');
    const inOpen = open.flatMap((batch) => batch.marks);
    if (new Set(inOpen).size !== inOpen.length) throw new InvariantError('I10 a mark is in two open batches');
    const us = new Set<string>();
    const rowIds = new Set<string>();
    for (const mark of disk.marks.values()) {
      us.add(mark.u);
      this.checkMark(mark);
      if (mark.rowId !== undefined) {
        if (rowIds.has(mark.rowId)) throw new InvariantError('I6 one row confirms two marks');
        rowIds.add(mark.rowId);
      }
    }
    if (us.size !== disk.marks.size) throw new InvariantError('I3 two marks share U');
    for (const id of this.born.keys())
      if (!disk.idIndex.has(id as never)) throw new InvariantError(`I7 mark ${id} is gone`);
  }

  private checkAttempts(): void {
    const { disk, time } = this.world;
    let armed = 0;
    for (const attempt of disk.attempts.values()) {
      if (attempt.phase === 'armed') {
        armed += 1;
        const batch = disk.batches.get(attempt.batchId);
        if (batch?.state !== 'armed' || batch.marks.join() !== attempt.marks.join())
          throw new InvariantError('I10 an armed batch has changed');
      } else if (!this.endedAt.has(attempt.id)) this.endedAt.set(attempt.id, time.now);
    }
    if (armed > 1) throw new InvariantError('I4 two attempts are armed');
  }

  private checkMark(mark: Mark): void {
    const fail = (what: string): never => {
      throw new InvariantError(`${what} (mark ${mark.id}, student ${mark.student})`);
    };
    const born = this.born.get(mark.id);
    if (born === undefined) this.born.set(mark.id, { u: mark.u, passed: mark.passed });
    else if (born.u !== mark.u || born.passed !== mark.passed) fail('I3 the identity of a mark has changed');
    const was = this.confirmed.get(mark.id);
    if (was !== undefined && (mark.state !== 'CONFIRMED' || mark.rowId !== was))
      fail('I6 CONFIRMED was left');
    if (mark.state === 'CONFIRMED' && was === undefined) {
      const row = this.world.canvas.rows.find((one) => one.id === mark.rowId);
      if (row === undefined || !this.isRowOf(row, mark))
        return fail('I6 confirmed by a row that is not its own');
      this.confirmed.set(mark.id, row.id);
    }
    if (mark.state === 'WITHDRAWN' && !this.restored) {
      if (mark.attempted || this.carriers.has(mark.seq)) fail('I9 withdrawn after an attempt');
    }
    if (mark.state === 'REJECTED') {
      if (!this.bad.has(mark.student)) fail('I8 rejected for a neighbour');
      if (this.settings.broken === 'none' && !this.restored && this.rowsOf(mark).length > 0)
        fail('I8 rejected, and its row is there');
    }
  }

  isRowOf(row: SyncWorld['canvas']['rows'][number], mark: Mark): boolean {
    const assessment = this.world.canvas.assessments.find((one) => one.id === row.assessment);
    return (
      row.student === mark.student &&
      row.passed === mark.passed &&
      row.assessedAt === mark.assessedAt &&
      row.assessor === teacher &&
      assessment?.key === mark.assessmentKey
    );
  }

  rowsOf(mark: Mark): string[] {
    return this.world.canvas.rows.filter((row) => this.isRowOf(row, mark)).map((row) => row.id);
  }

  private laneOf(hop: Hop): LaneId | undefined {
    const id = /live_assessments\/(\d+)\/results/.exec(hop.path)?.[1];
    const found = this.world.canvas.assessments.find((one) => one.id === id);
    return found === undefined ? undefined : (`${course}/${found.key}` as LaneId);
  }
}

function bodyOf(hop: Hop): string {
  const { results } = JSON.parse(hop.body ?? '{"results":[]}') as {
    results: { passed: boolean; assessed_at: string; links: { user: string } }[];
  };
  return results
    .map((row) => `${row.links.user} ${row.assessed_at} ${String(row.passed)}`)
    .sort()
    .join();
}

function asRow(mark: Mark | undefined): string {
  return mark === undefined ? '' : `${mark.student} ${mark.assessedAt} ${String(mark.passed)}`;
}
