import type { BatchId } from '#domain/ids.ts';
import { StorageError } from '#store/port.ts';
import { withdraw } from '#store/marks/withdraw.ts';
import { resolveRejected } from '#store/marks/rejected.ts';
import { handOver, takeOverMarks } from '#sync/transitions/hand-over.ts';
import type { MemoryHooks } from '../memory-store.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { course, type SyncWorld, type Tab } from '../sync-world.ts';
import type { AssessmentKey } from '#domain/ids.ts';
import type { Settings } from './settings.ts';

/** A process, once it runs. */
interface Opened {
  tab?: Pick<Tab, 'kill' | 'run'>;
}

/** The teacher's tablet: tabs that come and go, and what is done in them. */
export class Device {
  tabs: Tab[] = [];
  /** While true, kills, freezes and store faults happen. */
  upset = true;
  /** Rescue files that have been written and not been taken back. */
  filesOut = 0;
  readonly failures: unknown[] = [];
  private readonly world: SyncWorld;
  private readonly random: SeededRandom;
  private readonly settings: Settings;

  constructor(world: SyncWorld, random: SeededRandom, settings: Settings) {
    this.world = world;
    this.random = random;
    this.settings = settings;
  }

  openTab(): Tab {
    const opened: Opened = {};
    const tab = this.world.open(this.hooks(opened));
    opened.tab = tab;
    this.tabs.push(tab);
    return tab;
  }

  /** Takes dead tabs off the list. @returns those that are left */
  living(): Tab[] {
    this.tabs = this.tabs.filter((tab) => {
      if (tab.life === 'dead') this.failures.push(...tab.reports.splice(0));
      return tab.life !== 'dead';
    });
    return this.tabs;
  }

  /** At any step something may happen to any tab: this is where the crash at every step comes from. */
  disturb(): void {
    if (!this.upset || !this.random.chance(this.settings.upsets)) return;
    const tabs = this.living();
    if (tabs.length === 0) {
      this.openTab();
      return;
    }
    const tab = this.random.pick(tabs);
    switch (this.random.below(8)) {
      case 0:
      case 1:
        tab.kill();
        break;
      case 2:
        tab.freeze();
        this.world.time.after(this.random.below(20_000), () => {
          tab.thaw();
        });
        break;
      case 3:
        if (tab.life === 'alive') this.hideForAWhile(tab);
        break;
      case 4:
        if (tabs.length < this.settings.tabs) this.openTab();
        break;
      case 5:
        this.world.lock.takeFromHolder();
        break;
      case 6:
        this.wakeWorker();
        break;
      default:
        if (tab.life === 'alive') void tab.engine.stop();
    }
    if (this.living().length === 0) {
      this.world.time.after(this.random.below(30_000), () => {
        if (this.living().length === 0) this.openTab();
      });
    }
  }

  private hideForAWhile(tab: Tab): void {
    tab.hide();
    this.world.time.after(this.random.below(30_000), () => {
      if (tab.life === 'alive') tab.show();
    });
  }

  /** Background sync, and sooner or later the end of the service worker, whatever it is at. */
  private wakeWorker(): void {
    const opened: Opened = {};
    const worker = this.world.wake({ longestMs: this.random.below(165_000) }, this.hooks(opened));
    opened.tab = worker;
    this.world.time.after(this.random.below(180_000), () => {
      worker.kill();
      this.failures.push(...worker.reports.splice(0));
    });
  }

  /** A tap in some tab. What becomes of it is known only once its transaction has completed. */
  tap(onSaved: (id: string) => void): void {
    const tab = this.someTab();
    if (tab === undefined) return;
    const lane = this.random.below(this.settings.lanes);
    const key = `2026-11-23,outcome_${5 + lane}` as AssessmentKey;
    const student = String(101 + this.random.below(this.settings.students));
    const holdMs = this.random.pick([0, 0, 0, 5_000, 60_000, null]);
    this.hear(
      this.world.tap(tab, { course, key, student, passed: this.random.chance(0.7), holdMs }).then((mark) => {
        onSaved(mark.id);
      }),
    );
  }

  /** Undo, "send now", the needs-you tray: whatever a teacher does besides tapping. */
  act(): void {
    const tab = this.someTab();
    const marks = this.world.marks();
    if (tab === undefined || marks.length === 0) return;
    const mark = this.random.pick(marks);
    const now = tab.clock.wallMs();
    switch (this.random.below(5)) {
      case 0:
      case 1:
        this.hear(withdraw(tab.store, [mark.seq], now));
        break;
      case 2:
        this.hear(tab.engine.sendNow());
        break;
      case 3:
        this.hear(tab.engine.retryLane(mark.lane).catch(ignoreMissingLane));
        break;
      default:
        if (mark.state === 'REJECTED')
          this.hear(
            resolveRejected(
              tab.store,
              mark.seq,
              { kind: 'retried', newId: this.world.random.uuid() as never },
              now,
            ),
          );
    }
  }

  /** Writes everything open to a rescue file, and takes it back within a minute. */
  rescue(): void {
    const tab = this.someTab();
    if (tab === undefined) return;
    const at = tab.clock.wallMs();
    const fileId = this.world.random.uuid();
    const seqs = this.world.marks().map((mark) => mark.seq);
    const writing = tab.store
      .write((tx) => handOver(tx, { seqs, fileId, at }))
      .then((handed) => {
        this.filesOut += 1;
        this.world.time.after(this.random.below(60_000), () => {
          this.filesOut -= 1;
          const back = this.someTab();
          if (back === undefined) return;
          const marks = handed.map((mark) => ({ ...mark, state: 'QUEUED' as const }));
          const newBatch = () => this.world.random.uuid() as BatchId;
          this.hear(back.store.write((tx) => takeOverMarks(tx, { marks, fileId, at, newBatch })));
        });
      });
    this.hear(
      writing.catch((error: unknown) =>
        error instanceof Error && error.name === 'GuardError' ? undefined : Promise.reject(error as Error),
      ),
    );
  }

  private someTab(): Tab | undefined {
    const awake = this.living().filter((tab) => tab.life === 'alive');
    return awake.length === 0 ? undefined : this.random.pick(awake);
  }

  private hear(done: Promise<unknown>): void {
    done.catch((error: unknown) => {
      if (!(error instanceof StorageError)) this.failures.push(error);
    });
  }

  private hooks(opened: Opened): MemoryHooks {
    const slow = this.settings.slowStore;
    if (slow === 0) return {};
    const wait = (): Promise<void> | undefined => {
      if (!this.upset || !this.random.chance(slow)) return undefined;
      const ms = this.random.chance(0.15) ? 3_000 : this.random.below(50);
      return new Promise((resolve) => {
        this.world.time.after(ms, () => {
          if (opened.tab === undefined) resolve();
          else opened.tab.run(resolve);
        });
      });
    };
    return {
      begin: wait,
      complete: wait,
      fate: () => {
        if (!this.upset || !this.random.chance(slow / 4)) return 'commit';
        const fate = this.random.pick(['fail', 'crash-before', 'crash-after'] as const);
        if (fate !== 'fail') opened.tab?.kill();
        return fate;
      },
      failure: () => new StorageError(this.random.pick(['closed', 'full', 'other'])),
    };
  }
}

function ignoreMissingLane(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'GuardError') throw error;
}
