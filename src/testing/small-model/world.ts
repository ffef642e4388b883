import type { MarkId, UserId } from '#domain/ids.ts';
import { createMark, stampTap } from '#store/marks/create.ts';
import { canWithdraw, withdraw } from '#store/marks/withdraw.ts';
import { createMemoryAttempts } from '../memory-attempts.ts';
import { MemoryDisk } from '../memory-disk.ts';
import { openMemoryStore } from '../memory-store.ts';
import { ModelCanvas } from '../model-canvas.ts';
import { course, key, teacher, worldStartMs } from '../sync-world.ts';
import type { Fault, Happening, StepKind } from './happening.ts';
import { ModelLock } from './model-lock.ts';
import { ModelTime } from './model-time.ts';
import { Network } from './network.ts';
import { Oracle, promisedSettleMs } from './oracle.ts';
import type { Setup } from './setup.ts';
import { Tab } from './tab.ts';

/** One thing that the checker may choose at a step. */
export interface Option {
  readonly label: string;
  /** Faults it takes from the budget. */
  readonly cost: number;
  act(): void | Promise<void>;
}

/** After the third attempt nothing more goes wrong. */
const maxAttempts = 3;

/** Two marks, two tabs, one gateway, one Canvas: everything that can happen next is listed, and nothing happens by itself. */
export class World {
  readonly time = new ModelTime();
  readonly disk = new MemoryDisk();
  readonly attempts = createMemoryAttempts();
  readonly canvas: ModelCanvas;
  readonly oracle: Oracle;
  readonly lock: ModelLock;
  readonly network: Network;
  readonly gateway: boolean;
  tabs: Tab[] = [];
  faultsLeft: number;
  undoLeft: boolean;
  frozenOnce = false;
  private readonly setup: Setup;
  private happenings: Happening[] = [];
  private taps = 0;
  private opened = 0;
  private backup: MemoryDisk | undefined;
  /** The device itself: what the screen writes does not wait for the sender. */
  private readonly screen = openMemoryStore(this.disk);

  constructor(setup: Setup) {
    this.setup = setup;
    this.gateway = setup.gateway;
    this.faultsLeft = setup.faults;
    this.undoLeft = setup.undo;
    this.canvas = new ModelCanvas(() => this.time.nowMs);
    this.canvas.enrol(course, ['101', '102']);
    this.lock = new ModelLock(this.time);
    const { time, disk, canvas, attempts, gateway } = this;
    this.oracle = new Oracle({ time, disk, canvas, broken: setup.broken, judged: setup.judged });
    this.network = new Network({
      time,
      canvas,
      attempts,
      oracle: this.oracle,
      gateway,
      apart: setup.apart,
      await: (one) => this.await(one),
    });
  }

  /** Saves what is to be saved at the beginning, and opens both tabs. */
  async begin(): Promise<void> {
    await this.tap();
    if (this.setup.secondTap === 'with the first') await this.tap();
    this.backup = this.disk.snapshot();
    this.open();
    this.open();
  }

  await(happening: Happening): void {
    this.happenings.push(happening);
  }

  fetchFor(tab: Tab): ReturnType<Network['fetchFor']> {
    return this.network.fetchFor(tab);
  }

  check(): void {
    this.oracle.check(this.taps);
    const [report] = this.tabs.flatMap((tab) => tab.reports);
    if (report !== undefined) {
      const why = report instanceof Error ? report.message : JSON.stringify(report);
      this.oracle.fail('I17', `the core reports ${why}`);
    }
  }

  /** All that may happen next, the undisturbed course of things first. Empty: everything is at rest. */
  options(): Option[] {
    const ready = this.happenings.filter((one) => one.tab === undefined || one.tab.mayTake(one));
    const steps = this.choiceOf(ready);
    const options: Option[] = steps.map((one) => ({
      label: one.label,
      cost: 0,
      act: () => {
        this.remove(one);
        one.act();
      },
    }));
    const settled = this.allSettled();
    const late = this.late(steps);
    if (ready.length === 0) {
      const audits = this.audits() && late.length === 0;
      if (!settled || audits) options.push(this.passTime());
      else if (late.length === 0 && this.taps === 2) return this.rest();
    }
    options.push(...late);
    if (ready.length === 0 || this.setup.everyOrder === true || steps.some(touchesDisk))
      options.push(...this.screenOptions());
    if ((!settled || this.taps < 2) && this.faultsLeft > 0 && this.disk.attempts.size <= maxAttempts)
      options.push(...this.faultOptions(steps));
    return options;
  }

  /**
   * The steps whose order is to be tried. A single one, if it comes to the same before or after whatever else may
   * happen meanwhile: small talk; what the holder of the lock reads from the disk, because who lost the lock leaves
   * nothing there that it would see (the oracle watches that); what a tab writes that alone acts, while nothing
   * else goes on but POSTs that nobody waits for.
   */
  private choiceOf(ready: readonly Happening[]): readonly Happening[] {
    if (this.setup.everyOrder === true) return ready;
    const alone = this.tabs.filter((tab) => tab.acts).length === 1;
    const own = ready.find(({ kind, tab }) => {
      if (kind === 'small talk') return true;
      if (tab === undefined || !this.lock.holds(tab)) return false;
      const unheard = () => ready.every((one) => one.tab === tab || one.unheard?.() === true);
      return kind === 'read' || (kind === 'write' && alone && unheard());
    });
    return own === undefined ? ready : [own];
  }

  /** How it all ended, told in words that leave out by what way. */
  outcome(): string {
    const marks = [...this.disk.marks.values()].map(({ state, via }) => `${state} ${via ?? ''}`);
    const rows = this.canvas.rows.map((row) => row.student).sort();
    const attempts = [...this.disk.attempts.values()].map(({ outcome, vouched }) => `${outcome} ${vouched}`);
    return `${marks.join()} / ${rows.join()} / ${attempts.join()}`;
  }

  /** What waits to happen, each by its name: part of the state. */
  waiting(): readonly string[] {
    return this.happenings.map((one) => one.label).sort();
  }

  /**
   * What was held up goes on: POSTs and frozen tabs; at the end a POST may also never arrive. Each is offered only
   * before a step with which its order matters: earlier comes to the same.
   */
  private late(ready: readonly Happening[]): Option[] {
    const before = (...kinds: StepKind[]) =>
      this.setup.everyOrder === true || ready.length === 0 || ready.some((one) => kinds.includes(one.kind));
    const late: Option[] = [];
    if (before('ask', 'post'))
      for (const post of this.network.held()) {
        late.push({ label: `POST ${post.id} goes on`, cost: 0, act: () => post.goOn() });
        if (this.allSettled())
          late.push({ label: `POST ${post.id} never arrives`, cost: 0, act: () => this.network.drop(post) });
      }
    if (before('write', 'arm', 'post', 'news'))
      for (const tab of this.tabs.filter(({ life }) => life === 'frozen'))
        late.push({ label: `${tab.name} thaws`, cost: 0, act: () => tab.thaw() });
    return late;
  }

  private passTime(): Option {
    return {
      label: 'time passes',
      cost: 0,
      act: () => {
        const expiries = this.network.held().map((post) => this.oracle.expiryOf(post) ?? Infinity);
        this.time.pass(Math.min(Infinity, ...expiries));
        this.network.expire((post) => this.oracle.expiryOf(post));
      },
    };
  }

  /** At rest the device may still be put back to an older state of it. */
  private rest(): Option[] {
    if (this.faultsLeft === 0 || !this.setup.kinds.includes('restore')) return [];
    const stay: Option = { label: 'all is at rest', cost: this.faultsLeft, act: () => undefined };
    return [stay, { label: 'the device is put back', cost: 1, act: () => this.restore() }];
  }

  private screenOptions(): Option[] {
    const options: Option[] = [];
    if (this.taps === 1) options.push({ label: 'the second mark is saved', cost: 0, act: () => this.tap() });
    const second = this.disk.marks.get(2);
    if (this.undoLeft && second !== undefined && canWithdraw(second))
      options.push({ label: 'the second mark is undone', cost: 0, act: () => this.undo() });
    return options;
  }

  private faultOptions(ready: readonly Happening[]): Option[] {
    const faults: Fault[] = ready.flatMap((one) =>
      (one.faults?.() ?? []).map((fault) => ({
        ...fault,
        act: () => {
          this.remove(one);
          fault.act();
        },
      })),
    );
    for (const tab of this.tabs) if (tab.life === 'running') faults.push(...this.faultsOf(tab, ready));
    return faults
      .filter((fault) => this.setup.kinds.includes(fault.kind))
      .map(({ label, act }) => ({ label, cost: 1, act }));
  }

  /**
   * A tab dies before a write, between an arm and its `fetch`, with a POST under way, or while nothing happens; it
   * freezes at the first three of an attempt, and loses its lock at the first two. Anywhere else it comes to the
   * same, because what follows until the next of these changes nothing that others see.
   */
  private faultsOf(tab: Tab, ready: readonly Happening[]): Fault[] {
    const faults: Fault[] = [];
    const writes = ready.some((one) => one.tab === tab && one.kind === 'write');
    const hearsOfArm = ready.some((one) => one.tab === tab && one.kind === 'arm');
    const posts = this.network.posts.some((post) => post.tab === tab && post.where === 'sent');
    const arms = writes && tab.engine.isBusy() && !this.isArmed();
    if (this.lock.holds(tab) && (writes || hearsOfArm || posts || ready.length === 0))
      faults.push({ kind: 'crash', label: `${tab.name} dies`, act: () => this.crash(tab) });
    if (!this.frozenOnce && (arms || hearsOfArm || posts))
      faults.push({ kind: 'freeze', label: `${tab.name} freezes`, act: () => this.freeze(tab) });
    if (this.lock.holds(tab) && (arms || hearsOfArm))
      faults.push({
        kind: 'lock-lost',
        label: `${tab.name} loses the lock`,
        act: () => this.lock.takeFromHolder(),
      });
    return faults;
  }

  private isArmed(): boolean {
    return [...this.disk.attempts.values()].some((attempt) => attempt.phase === 'armed');
  }

  private freeze(tab: Tab): void {
    this.frozenOnce = true;
    tab.freeze();
  }

  /** A dead tab is opened again: there are always two. */
  private crash(tab: Tab): void {
    this.bury(tab);
    this.open();
  }

  private bury(tab: Tab): void {
    tab.kill();
    this.happenings = this.happenings.filter((one) => one.tab !== tab);
    this.tabs = this.tabs.filter((other) => other !== tab);
  }

  private open(): void {
    const tab = new Tab('ABCDEFGH'[this.opened] ?? '?', this);
    this.opened += 1;
    this.tabs.push(tab);
    tab.start();
  }

  /** Restoring takes longer than any request: nothing that was sent before comes as a surprise. */
  private restore(): void {
    for (const tab of this.tabs) this.bury(tab);
    this.time.skip(promisedSettleMs);
    if (this.backup !== undefined) this.disk.restore(this.backup);
    this.oracle.restored();
    this.open();
    this.open();
  }

  private async tap(): Promise<void> {
    this.taps += 1;
    const now = worldStartMs + this.time.nowMs;
    await createMark(this.screen, {
      id: `tap-${this.taps}` as MarkId,
      course,
      assessmentKey: key,
      student: String(100 + this.taps) as UserId,
      assessor: teacher,
      passed: true,
      heldUntil: now,
      // Whenever it is saved: nothing depends on it, and states that are alike are to look alike.
      ...stampTap(worldStartMs, 0),
      heldAt: now,
    });
    this.kick();
  }

  private async undo(): Promise<void> {
    this.undoLeft = false;
    await withdraw(this.screen, [2], worldStartMs + this.time.nowMs);
    this.kick();
  }

  private kick(): void {
    const sender = this.lock.holderTab;
    sender?.deliver('is told of marks', () => {
      sender.engine.kick('marks');
    });
  }

  /** Nothing can change any more by what the core does. */
  private allSettled(): boolean {
    return [...this.disk.marks.values()].every(
      (mark) => mark.state === 'CONFIRMED' || mark.state === 'WITHDRAWN',
    );
  }

  private audits(): boolean {
    return (
      this.setup.broken !== undefined &&
      [...this.disk.lanes.values()].some((lane) => lane.auditDue.length > 0)
    );
  }

  private remove(happening: Happening): void {
    this.happenings = this.happenings.filter((other) => other !== happening);
  }
}

function touchesDisk({ kind }: Happening): boolean {
  return kind === 'write' || kind === 'read';
}
