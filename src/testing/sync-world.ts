import { createCanvasClient } from '#canvas/client.ts';
import type { AccountId, AssessmentKey, CourseId, InstallationId, MarkId, UserId } from '#domain/ids.ts';
import type { Mark, MarkState } from '#domain/mark.ts';
import { createMark, stampTap } from '#store/marks/create.ts';
import type { SyncDeps } from '#sync/deps.ts';
import { startSync, type SyncEngine } from '#sync/engine.ts';
import { runErrand, type ErrandTerms } from '#sync/errand.ts';
import { MemoryDisk } from './memory-disk.ts';
import { createMemoryAttempts, type MemoryAttempts } from './memory-attempts.ts';
import { MemoryLock } from './memory-lock.ts';
import { openMemoryStore, type MemoryHooks, type MemoryStore } from './memory-store.ts';
import { ModelCanvas } from './model-canvas.ts';
import { createModelGateway } from './model-gateway.ts';
import { ModelNetwork } from './model-network.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import { VirtualTime, type VirtualClock } from './virtual-time.ts';

/** The teacher of every test, and the course and key of the first lane. */
export const teacher = '7' as UserId;
export const course = '11' as CourseId;
export const key = '2026-11-23,outcome_5' as AssessmentKey;
/** Device and server time when a world begins. */
export const worldStartMs = Date.UTC(2026, 10, 23, 9);

export interface WorldOptions {
  readonly seed?: number;
  /** False: the client speaks to Canvas without a gateway of §13. */
  readonly gateway?: boolean;
  readonly students?: number;
}

/** A tab of the device: the real engine and the real client on a store, a lock and a network that obey the test. */
export interface Tab extends Process {
  readonly engine: SyncEngine;
  hide(): void;
  show(): void;
}

/** The service worker while it sends. */
interface Worker extends Process {
  /** What the errand says at its end. */
  readonly left: Promise<boolean>;
}

interface Process {
  readonly store: MemoryStore;
  readonly clock: VirtualClock;
  readonly reports: unknown[];
  readonly life: 'alive' | 'frozen' | 'dead';
  /** Stops for good, as a killed process does: no promise of it settles any more. */
  kill(): void;
  /** Runs something in the tab: once it thaws if it is frozen, never if it is dead. */
  run(act: () => void): void;
  freeze(): void;
  thaw(): void;
}

export interface Tap {
  readonly student?: string;
  readonly passed?: boolean;
  readonly course?: CourseId;
  readonly key?: AssessmentKey;
  /** ms; null: until the end of the round. The default is to go at once. */
  readonly holdMs?: number | null;
}

/** One device, one gateway, one Canvas. */
export class SyncWorld {
  readonly time = new VirtualTime();
  readonly canvas: ModelCanvas;
  readonly network: ModelNetwork;
  readonly attempts: MemoryAttempts = createMemoryAttempts();
  readonly disk: MemoryDisk;
  readonly lock: MemoryLock;
  readonly random: SeededRandom;
  readonly withGateway: boolean;
  /** Who is signed in at the gateway. */
  user: string | undefined = teacher;
  /** Device time when virtual time began; set it to set the device's clock. */
  deviceStartMs = worldStartMs;
  private taps = 0;
  /** Where the device's requests go. */
  server: Parameters<ModelNetwork['fetchFor']>[0];

  constructor({ seed = 1, gateway = true, students = 30 }: WorldOptions = {}) {
    this.random = createSeededRandom(seed);
    this.canvas = new ModelCanvas(() => this.time.now);
    const roster = Array.from({ length: students }, (_, n) => String(101 + n));
    for (const id of [course, '12', '13']) this.canvas.enrol(id, roster);
    this.network = new ModelNetwork(this.time);
    this.disk = new MemoryDisk({ installation: 'installation-1' as InstallationId });
    this.lock = new MemoryLock(this.time);
    this.withGateway = gateway;
    this.server = createModelGateway({
      repository: this.attempts,
      clock: this.time.clock(worldStartMs),
      user: () => this.user,
      upstream: (request) => this.network.upstream(request, () => this.canvas.handle(request)),
      direct: !gateway,
    });
  }

  open(hooks: MemoryHooks = {}): Tab {
    let visible = true;
    const process = this.start(hooks);
    const engine = startSync({ ...process.deps, visible: () => visible });
    return Object.assign(process.life, {
      engine,
      hide: () => {
        visible = false;
        engine.kick('visibility');
      },
      show: () => {
        visible = true;
        engine.kick('visibility');
      },
    });
  }

  /** Wakes the service worker, as background sync does. */
  wake(terms: Partial<ErrandTerms> = {}, hooks: MemoryHooks = {}): Worker {
    const process = this.start(hooks);
    const stop = new AbortController();
    const left = runErrand(process.deps, { longestMs: 165_000, stop: stop.signal, ...terms });
    return Object.assign(process.life, { left });
  }

  /** A process of the device: store, client and place at the lock, and what may become of it. */
  private start(hooks: MemoryHooks): { life: Process; deps: Omit<SyncDeps, 'visible'> } {
    let state: 'alive' | 'frozen' | 'dead' = 'alive';
    let asleep: (() => void)[] = [];
    const run = (act: () => void): void => {
      if (state === 'alive') act();
      else if (state === 'frozen') asleep.push(act);
    };
    const lockTab = { answers: () => state === 'alive', run };
    const store = openMemoryStore(this.disk, hooks);
    const clock = this.time.clock(this.deviceStartMs, run);
    const reports: unknown[] = [];
    const fetch = this.network.fetchFor((request) => this.server(request), run);
    let epoch = 0;
    const api = createCanvasClient({
      // The code of a killed process may run on to its next await; nothing it does there reaches the world.
      fetch: (url, request) => (state === 'dead' ? new Promise(() => undefined) : fetch(url, request)),
      clock,
      origin: 'https://tapmark.test',
      identity: () => ({ installation: this.disk.meta.installation, epoch, account: teacher }),
      trust: this.withGateway ? 'mark' : 'form',
    });
    const deps: Omit<SyncDeps, 'visible'> = {
      account: { id: `canvas.test/${teacher}` as AccountId, user: teacher },
      store,
      api,
      clock,
      random: this.random,
      lock: this.lock.open(lockTab),
      hash: (text) => Promise.resolve(`h${text.length}`),
      onEpoch: (next) => {
        epoch = next;
      },
      report: (error) => {
        reports.push(error);
      },
    };
    const life: Process = {
      store,
      clock,
      reports,
      run,
      get life() {
        return state;
      },
      kill: () => {
        if (state === 'dead') return;
        state = 'dead';
        store.kill();
        this.lock.tabDied(lockTab);
      },
      freeze: () => {
        if (state === 'alive') state = 'frozen';
      },
      thaw: () => {
        if (state !== 'frozen') return;
        state = 'alive';
        const pending = asleep;
        asleep = [];
        for (const act of pending) run(act);
      },
    };
    return { life, deps };
  }

  /** Saves a tap through a tab, and tells its engine. */
  async tap(tab: Tab, tap: Tap = {}): Promise<Mark> {
    const mark = await this.save(tab, tap);
    tab.engine.kick('marks');
    return mark;
  }

  /** Saves a tap, and tells nobody. */
  async save(tab: Tab, tap: Tap = {}): Promise<Mark> {
    this.taps += 1;
    const now = tab.clock.wallMs();
    const holdMs = tap.holdMs === undefined ? 0 : tap.holdMs;
    const { mark } = await createMark(tab.store, {
      id: `tap-${this.taps}` as MarkId,
      course: tap.course ?? course,
      assessmentKey: tap.key ?? key,
      student: (tap.student ?? '101') as UserId,
      assessor: teacher,
      passed: tap.passed ?? true,
      heldUntil: holdMs === null ? null : now + holdMs,
      ...stampTap(now, this.disk.meta.clockOffsetMs),
    });
    return mark;
  }

  /** One tap for each of the first `count` students. */
  async tapClass(tab: Tab, count: number, tap: Omit<Tap, 'student'> = {}): Promise<Mark[]> {
    const marks: Mark[] = [];
    for (let n = 0; n < count; n += 1) marks.push(await this.save(tab, { ...tap, student: String(101 + n) }));
    tab.engine.kick('marks');
    return marks;
  }

  run(ms: number): Promise<void> {
    return this.time.run(ms);
  }

  marks(): Mark[] {
    return [...this.disk.marks.values()];
  }

  states(): Partial<Record<MarkState, number>> {
    const counts: Partial<Record<MarkState, number>> = {};
    for (const mark of this.marks()) counts[mark.state] = (counts[mark.state] ?? 0) + 1;
    return counts;
  }

  gate(): string | undefined {
    return [...this.disk.lanes.values()][0]?.gate;
  }

  /** How many rows each mark has in Canvas. */
  rowsPerMark(): number[] {
    const lanes = new Map(this.canvas.assessments.map((one) => [one.id, `${one.course}/${one.key}`]));
    const counts = new Map<string, number>();
    for (const row of this.canvas.rows) {
      const match = [lanes.get(row.assessment), row.student, row.assessedAt, row.passed, row.assessor].join(
        '|',
      );
      counts.set(match, (counts.get(match) ?? 0) + 1);
    }
    return this.marks().map(
      ({ lane, student, assessedAt, passed, assessor }) =>
        counts.get([lane, student, assessedAt, passed, assessor].join('|')) ?? 0,
    );
  }

  get posts(): number {
    return this.network.sent('post');
  }
}
