import { createCanvasClient } from '#canvas/client.ts';
import type { AccountId, InstallationId, UserId } from '#domain/ids.ts';
import { openAccountStore, type AccountStore } from '#store/account-store.ts';
import { createDeviceFacts, type DeviceFacts } from '#store/device-facts.ts';
import { createMarkActions, type MarkActions } from '#store/mark-actions.ts';
import { schemaVersions, type SchemaVersion } from '#store/schema.ts';
import { startSync, type SyncEngine } from '#sync/engine.ts';
import { createModelGateway } from '../model-gateway.ts';
import { MemoryLock } from '../memory-lock.ts';
import { memoryStorage } from '../open-account.ts';
import type { VirtualClock } from '../virtual-time.ts';
import { worldStartMs } from '../sync-world.ts';
import { fusedStore, type FusedStore } from './fused-store.ts';
import { Life, never } from './life.ts';
import type { RealWorld } from './real-world.ts';

export interface Tab {
  readonly user: UserId;
  readonly account: AccountStore;
  readonly store: FusedStore;
  readonly marks: MarkActions;
  readonly engine: SyncEngine;
  readonly clock: VirtualClock;
  readonly life: Life;
  /** False from the moment that a newer version wants the database. */
  isCurrent: boolean;
  /** Whether it is the one in front. */
  readonly view: { isVisible: boolean };
}

/** A device: its disk, its session with the gateway, its clock, and the tabs that are open on it. */
export class Tablet {
  readonly name: string;
  /** Who is signed in; undefined: nobody. */
  session: UserId | undefined;
  /** Wall time when virtual time began. */
  clockStartMs = worldStartMs;
  tabs: Tab[] = [];
  /** Everybody who has ever worked here. */
  readonly users = new Set<UserId>();
  private versions: readonly SchemaVersion[] = schemaVersions;
  private readonly world: RealWorld;
  private readonly facts: DeviceFacts = createDeviceFacts(memoryStorage());
  private readonly locks = new Map<UserId, MemoryLock>();
  private readonly server: ReturnType<typeof createModelGateway>;

  constructor(world: RealWorld, name: string) {
    this.world = world;
    this.name = name;
    this.server = createModelGateway({
      repository: world.attempts,
      clock: world.time.clock(worldStartMs),
      user: () => this.session,
      upstream: (request) => world.network.upstream(request, () => world.canvas.handle(request)),
    });
  }

  accountOf(user: UserId): AccountId {
    return `${this.world.name}-${this.name}/${user}` as AccountId;
  }

  /** The tab in front, if there is one that can be worked with. */
  front(user: UserId): Tab | undefined {
    return this.tabs.find((tab) => tab.view.isVisible && tab.user === user && isUsable(tab));
  }

  /** Opens the app for somebody, in a tab before all others. */
  async open(user: UserId): Promise<Tab> {
    this.users.add(user);
    for (const tab of this.tabs) hide(tab);
    const tab = await this.start(user);
    this.tabs = [...this.tabs.filter(({ life }) => life.state !== 'dead'), tab];
    return tab;
  }

  /** The app of from now on has a newer database; a tab of it comes to the front. */
  async deploy(user: UserId): Promise<Tab> {
    const version = Math.max(...this.versions.map((one) => one.version)) + 1;
    this.versions = [...this.versions, { version, tables: {} }];
    return this.open(user);
  }

  setClock(byMs: number): void {
    this.clockStartMs += byMs;
    for (const { clock } of this.tabs) clock.wallOffsetMs += byMs;
  }

  private async start(user: UserId): Promise<Tab> {
    const { world } = this;
    const id = this.accountOf(user);
    const lock = this.lockOf(user);
    const opened: { tab?: Tab } = {};
    const account = await openAccountStore(id, {
      device: this.facts,
      versions: this.versions,
      // Batches are small here.
      bundleFrom: 2,
      random: world.random,
      clock: world.time.clock(this.clockStartMs),
      onMustClose: () => {
        if (opened.tab !== undefined) giveWay(opened.tab);
      },
    });
    const life: Life = new Life(() => {
      lock.tabDied(lockTab);
      account.close();
    });
    const lockTab = { answers: () => life.state === 'alive', run: life.run };
    const store = fusedStore(account.sync, life, world.pending);
    const clock = world.time.clock(this.clockStartMs, life.run);
    const { installation, clockOffsetMs } = await account.sync.read((tx) => tx.meta.get());
    const marks = createMarkActions({
      store,
      assessor: user,
      clock,
      random: world.random,
      clockOffsetMs: () => clockOffsetMs,
      saved: () => undefined,
    });
    const view = { isVisible: true };
    const tab: Tab = {
      user,
      account,
      store,
      marks,
      clock,
      life,
      isCurrent: true,
      view,
      engine: this.startEngine(
        { id, user, installation },
        { store, clock, life },
        () => view.isVisible,
        lock.open(lockTab),
      ),
    };
    opened.tab = tab;
    return tab;
  }

  private startEngine(
    who: { id: AccountId; user: UserId; installation: InstallationId },
    { store, clock, life }: Pick<Tab, 'store' | 'clock' | 'life'>,
    visible: () => boolean,
    lock: ReturnType<MemoryLock['open']>,
  ): SyncEngine {
    const { world } = this;
    const { id, user, installation } = who;
    const fetch = world.network.fetchFor((request) => this.server(request), life.run);
    let epoch = 0;
    const api = createCanvasClient({
      fetch: (url, request) => (life.state === 'dead' ? never() : fetch(url, request)),
      clock,
      origin: 'https://tapmark.test',
      identity: () => ({ installation, epoch, account: user }),
    });
    return startSync({
      account: { id, user },
      store,
      api,
      clock,
      random: world.random,
      lock,
      hash: (text) => Promise.resolve(`h${text.length}`),
      visible,
      onEpoch: (next) => {
        epoch = next;
      },
      report: (error) => world.oracle.unexpected(error),
    });
  }

  private lockOf(user: UserId): MemoryLock {
    const lock = this.locks.get(user) ?? new MemoryLock(this.world.time);
    this.locks.set(user, lock);
    return lock;
  }
}

export function isUsable(tab: Tab): boolean {
  return tab.life.state === 'alive' && tab.isCurrent;
}

function hide(tab: Tab): void {
  tab.view.isVisible = false;
  tab.engine.kick('visibility');
}

function giveWay(tab: Tab): void {
  tab.isCurrent = false;
  tab.view.isVisible = false;
  // A frozen page cannot make room by itself: the browser drops it.
  if (tab.life.state === 'frozen') tab.life.kill();
  else void tab.engine.stop();
}
