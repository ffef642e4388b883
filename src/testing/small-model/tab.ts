import { createCanvasClient } from '#canvas/client.ts';
import type { WireFetch } from '#canvas/answer.ts';
import type { AccountId } from '#domain/ids.ts';
import type { Clock } from '#lib/clock.ts';
import type { SyncStore } from '#store/port.ts';
import { startSync, type SyncEngine } from '#sync/engine.ts';
import type { MemoryDisk } from '../memory-disk.ts';
import { openMemoryStore, type MemoryStore } from '../memory-store.ts';
import { teacher } from '../sync-world.ts';
import { Digest } from './digest.ts';
import { canonical } from './canonical.ts';
import type { Happening, StepKind } from './happening.ts';
import type { ModelLock } from './model-lock.ts';
import type { ModelTime } from './model-time.ts';

/** What a tab needs of the world it lives in. */
export interface TabWorld {
  readonly time: ModelTime;
  readonly disk: MemoryDisk;
  readonly lock: ModelLock;
  readonly gateway: boolean;
  await(happening: Happening): void;
  fetchFor(tab: Tab): WireFetch;
}

const hearing = 'hears that the lock is lost';
/** The commit of an arm record, and the call of `fetch` that follows from it. */
const stepsBeforeHearing = 2;

/** A tab with the real engine and the real client: a process that the checker steps, freezes and kills. */
export class Tab {
  readonly name: string;
  life: 'running' | 'frozen' | 'dead' = 'running';
  engine!: SyncEngine;
  /** What the core told a developer of: should never happen. */
  readonly reports: unknown[] = [];
  private readonly world: TabWorld;
  private store!: MemoryStore;
  private serving = false;
  private history = new Digest();
  private servesSinceMs = 0;
  private sleeps = 0;
  /** Steps that it may still take before it hears that its lock is gone. */
  private deafFor: number | undefined;
  private ids = 0;

  constructor(name: string, world: TabWorld) {
    this.name = name;
    this.world = world;
  }

  start(): void {
    const { world } = this;
    this.store = this.openStore();
    const clock = this.clock();
    let epoch = 0;
    const api = createCanvasClient({
      fetch: world.fetchFor(this),
      clock,
      origin: 'https://tapmark.test',
      identity: () => ({ installation: world.disk.meta.installation, epoch, account: teacher }),
      trust: world.gateway ? 'mark' : 'form',
    });
    this.engine = startSync({
      account: { id: `canvas.test/${teacher}` as AccountId, user: teacher },
      store: this.observed(this.store),
      api,
      clock,
      // Retries come at once: the worst case, for whatever should have waited.
      random: { fraction: () => 0, uuid: () => `${this.name}.${(this.ids += 1)}` },
      lock: world.lock.open(this),
      hash: (text) => Promise.resolve(`h${text.length}`),
      visible: () => true,
      onEpoch: (next) => {
        epoch = next;
      },
      report: (error) => {
        this.reports.push(error);
      },
    });
  }

  /** Lets something of this tab happen when the checker says so. */
  happens(kind: StepKind, label: string, act: () => void, faults?: Happening['faults']): void {
    this.world.await({
      kind,
      label: `${this.name} ${label}`,
      tab: this,
      act: () => {
        if (this.deafFor !== undefined && label !== hearing) this.deafFor -= 1;
        this.observe(label);
        act();
      },
      ...(faults === undefined ? {} : { faults }),
    });
  }

  /**
   * It will hear that its lock is gone: after what waits for it already and what follows from that at once, or
   * before. The browser has told it by then.
   */
  losesLock(hear: () => void): void {
    this.deafFor = stepsBeforeHearing;
    this.happens('news', hearing, () => {
      this.deafFor = undefined;
      hear();
    });
  }

  /** False: something else comes first. */
  mayTake({ label }: Happening): boolean {
    if (this.life !== 'running') return false;
    return this.deafFor !== 0 || label === `${this.name} ${hearing}`;
  }

  /** Hands the tab what came from outside: at once, at the thaw, or never. */
  deliver(label: string, act: () => void): void {
    if (this.life === 'frozen') this.happens('news', label, act);
    else if (this.life === 'running') {
      this.observe(label);
      act();
    }
  }

  kill(): void {
    this.life = 'dead';
    this.store.kill();
    this.world.lock.tabDied(this);
  }

  freeze(): void {
    this.life = 'frozen';
    this.world.lock.tabFroze(this);
  }

  /** It may be acting as a sender, rightly or not. */
  get acts(): boolean {
    return this.life !== 'dead' && this.serving;
  }

  thaw(): void {
    this.life = 'running';
  }

  /** It queues for the lock: what it knew as a sender is forgotten with that sender. */
  waits(): void {
    this.serving = false;
  }

  serves(): void {
    this.serving = true;
    this.history = new Digest();
    this.servesSinceMs = this.world.time.nowMs;
    this.sleeps = 0;
  }

  /**
   * All that its code can have learnt since it became the sender: as it is deterministic, what it will do next is
   * a function of this. Times are told from then on, so that the same course of things is the same an hour later.
   */
  fingerprint(): string {
    if (this.life === 'dead') return 'dead';
    if (!this.serving) return `${this.life} waits`;
    return `${this.life} ${this.deafFor} ${this.history.toString()} ${this.world.time.nowMs - this.servesSinceMs} ${this.ids}`;
  }

  private observe(what: string): void {
    if (this.serving) this.history.add(`${this.world.time.nowMs - this.servesSinceMs} ${what}`);
  }

  private clock(): Clock {
    const wake = (resume: () => void) => {
      this.sleeps += 1;
      if (this.life !== 'dead') this.happens('news', `wakes ${this.sleeps}`, resume);
    };
    return this.world.time.clock(wake);
  }

  private openStore(): MemoryStore {
    const armed = () => this.world.disk.attempts.size;
    let before = 0;
    return openMemoryStore(this.world.disk, {
      begin: (mode) => {
        // A tab that waits for the lock reads only to show something.
        if (mode === 'read' && !this.serving) return undefined;
        return new Promise((resolve) => {
          this.happens(mode, `${mode}s`, () => {
            before = armed();
            resolve();
          });
        });
      },
      // Between the commit of an arm record and the call of fetch anything may come.
      complete: (mode) => {
        if (mode === 'read' || armed() === before) return undefined;
        return new Promise((resolve) => {
          this.happens('arm', 'hears of its arm', resolve);
        });
      },
    });
  }

  /** The store, and a note of all that comes back from it. */
  private observed(store: MemoryStore): SyncStore {
    const watch = async <T>(result: Promise<T>): Promise<T> => {
      try {
        const value = await result;
        this.observe(canonical(value, this.world.time.nowMs));
        return value;
      } catch (error) {
        this.observe(String(error));
        throw error;
      }
    };
    return { write: (work) => watch(store.write(work)), read: (work) => watch(store.read(work)) };
  }
}
