import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { portalPage } from '../model-canvas.ts';
import type { Fate, Hop } from '../model-network.ts';
import { course, SyncWorld, teacher } from '../sync-world.ts';
import { settled } from '../virtual-time.ts';
import { Coverage } from './coverage.ts';
import { Device } from './device.ts';
import { drawFate } from './fates.ts';
import { GatewayInstances } from './gateway-instances.ts';
import { InvariantError, Watch } from './invariants.ts';
import { comeToRest } from './rest.ts';
import { drawSettings, type Settings } from './settings.ts';

/** How one schedule went. */
export interface ScheduleResult {
  readonly seed: number;
  readonly settings: Settings;
  readonly steps: number;
  /** What does not hold; undefined: everything does. */
  readonly failure?: Error;
}

/** A schedule that takes more is going in circles. */
const maxSteps = 60_000;

/**
 * Runs one schedule, which follows from its seed alone: some minutes of taps, faults, kills and freezes, then a day
 * on which nothing goes wrong any more. The invariants of sync protocol §15 are checked after every step.
 */
export async function runSchedule(seed: number, coverage = new Coverage()): Promise<ScheduleResult> {
  const random = createSeededRandom(seed);
  const settings = drawSettings(random);
  const schedule = new Schedule(seed, settings, random);
  try {
    await schedule.run();
    coverage.add(schedule.world, settings, schedule.watch);
    return { seed, settings, steps: schedule.steps };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return { seed, settings, steps: schedule.steps, failure };
  }
}

/** One schedule in the making. */
export class Schedule {
  readonly world: SyncWorld;
  readonly device: Device;
  readonly watch: Watch;
  readonly gateways: GatewayInstances;
  readonly settings: Settings;
  steps = 0;
  private thrown: InvariantError | undefined;
  private readonly random: SeededRandom;
  private faulty = true;
  private cutUntilMs = 0;
  private cut: Fate = {};

  constructor(seed: number, settings: Settings, random: SeededRandom) {
    this.settings = settings;
    this.random = random;
    this.world = new SyncWorld({ seed, gateway: settings.gateway, students: settings.students });
    this.device = new Device(this.world, random, settings);
    this.watch = new Watch(this.world, settings);
    this.gateways = new GatewayInstances(this.world, random, 2);
    this.setTheScene();
  }

  async run(): Promise<void> {
    this.planTheDay();
    for (let n = 0; n < this.settings.tabs; n += 1) this.device.openTab();
    await this.until(this.settings.durationMs);
    await this.calm();
    await comeToRest(this);
  }

  /** Lets time pass, one step after another, with everything that may happen in between. */
  async until(atMs: number): Promise<void> {
    const { time } = this.world;
    await settled();
    this.watch.check();
    while (await time.step(atMs)) {
      this.steps += 1;
      if (this.steps > maxSteps) throw new InvariantError('I17 it never comes to rest');
      if (this.thrown !== undefined) throw this.thrown;
      this.watch.check();
      this.device.disturb();
    }
    time.now = Math.max(time.now, atMs);
  }

  async pass(ms: number): Promise<void> {
    await this.until(this.world.time.now + ms);
  }

  private setTheScene(): void {
    const { world, settings, random, watch } = this;
    const { mood } = world.canvas;
    mood.lagMs = settings.lagMs;
    mood.pageSize = settings.pageSize;
    mood.noCount = settings.noCount;
    mood.maxBatch = settings.maxBatch;
    if (settings.shuffled) mood.shuffle = (rows) => rows.sort(() => random.fraction() - 0.5);
    if (settings.gateway) this.gateways.pauses = settings.faults / 10;
    for (let n = 0; n < settings.poison; n += 1) {
      mood.poison.add(String(101 + n));
      watch.bad.add(String(101 + n));
    }
    world.network.plan = (hop) => {
      // Thrown here it would end in the client, which takes it for a network that failed.
      try {
        watch.onSend(hop);
      } catch (error) {
        this.thrown ??= error as InvariantError;
      }
      return this.fate(hop);
    };
  }

  private fate(hop: Hop): Fate | undefined {
    if (hop.leg === 'device' && this.world.time.now < this.cutUntilMs) return this.cut;
    return this.faulty ? drawFate(this.settings, this.random, hop) : undefined;
  }

  /** Draws when things are done and happen. */
  private planTheDay(): void {
    const { random, settings, device, watch } = this;
    const { durationMs } = settings;
    const at = (act: () => void) => this.world.time.after(random.below(durationMs), act);
    const tap = () => {
      device.tap((id) => {
        watch.saved(id);
      });
    };
    const burst = random.chance(0.5);
    for (let n = 0; n < settings.marks; n += 1) {
      if (burst) this.world.time.after(random.below(3_000), tap);
      else at(tap);
    }
    for (let n = random.below(4); n > 0; n -= 1) at(() => device.act());
    if (settings.faults > 0) this.planTheFaults(at);
    for (let n = 0; n < settings.leavers; n += 1)
      at(() => this.leave(String(101 + random.below(settings.students))));
    if (settings.rescue) at(() => device.rescue());
  }

  private planTheFaults(at: (act: () => void) => void): void {
    const { random, settings, world } = this;
    for (let n = random.below(3); n > 0; n -= 1) at(() => this.cutOff(random.below(60_000)));
    if (random.chance(0.3)) at(() => this.gateways.crash());
    if (settings.memoryLoss) at(() => this.gateways.loseMemory());
    if (random.chance(0.2)) at(() => this.signOut());
    if (random.chance(0.2)) at(() => this.setClock(random.pick([-3_600_000, -5_000, 5_000, 86_400_000])));
    if (random.chance(0.1)) {
      at(() => {
        world.canvas.mood.mayList = false;
      });
    }
    if (settings.backup) at(() => this.restoreLater(world.disk.snapshot()));
  }

  private leave(student: string): void {
    this.world.canvas.rosters.get(course)?.delete(student);
    this.watch.bad.add(student);
  }

  private cutOff(ms: number): void {
    this.cutUntilMs = this.world.time.now + ms;
    this.cut = this.random.chance(0.5)
      ? { arriveMs: 'never', failMs: this.random.below(1_000) }
      : { arriveMs: 'never', answer: portalPage() };
  }

  private signOut(): void {
    this.world.user = this.settings.gateway && this.random.chance(0.5) ? '8' : undefined;
  }

  private setClock(byMs: number): void {
    this.world.deviceStartMs += byMs;
    for (const tab of this.device.living()) tab.clock.wallOffsetMs += byMs;
  }

  /** Restores a backup; only long after the last POST, as taking one home and back takes. */
  private restoreLater(backup: SyncWorld['disk']): void {
    const { time, disk } = this.world;
    const { device } = this;
    for (const tab of device.living()) tab.kill();
    device.upset = false;
    time.after(900_000, () => {
      for (const tab of device.living()) tab.kill();
      disk.restore(backup);
      disk.commits += 1;
      this.watch.forget();
      device.upset = true;
      device.openTab();
    });
  }

  /** From now on nothing goes wrong any more, and somebody has put everything right that can be. */
  private async calm(): Promise<void> {
    const { world, device } = this;
    this.faulty = false;
    this.cutUntilMs = 0;
    this.gateways.pauses = 0;
    device.upset = false;
    world.user = teacher;
    Object.assign(world.canvas.mood, {
      noCount: false,
      shuffle: undefined,
      mayList: true,
      maxBatch: Infinity,
    });
    if (this.settings.backup) await this.pass(960_000);
    device.upset = false;
    for (const tab of device.living()) tab.kill();
    device.openTab();
  }
}
