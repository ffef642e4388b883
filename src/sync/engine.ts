import type { LaneId } from '#domain/ids.ts';
import { releaseHeld } from '#store/marks/release.ts';
import type { SyncDeps } from './deps.ts';
import { factsOf } from './facts.ts';
import { isTriedHourly } from './gates.ts';
import type { HeldLock } from './lock.ts';
import { doneAhead } from './look-ahead.ts';
import { laneMemory } from './memory.ts';
import { createRest } from './rest.ts';
import { createSender, type Sender } from './sender.ts';
import { deriveStatus, type Role, type SyncStatus } from './status.ts';
import { takeSurvey, type Survey } from './survey.ts';
import { runTenure, type TenurePort } from './tenure.ts';
import { retryGate } from './transitions/gate-steps.ts';

/** Why the sender should look again. */
export type KickReason =
  /** Marks or lanes changed in the store. */
  | 'marks'
  /** The browser says that there is a network again. */
  | 'online'
  /** The page is visible again, or hidden now. */
  | 'visibility'
  /** Somebody has signed in. */
  | 'signed-in';

export interface SyncEngine {
  readonly status: {
    get(): SyncStatus;
    /** @returns stops listening */
    subscribe(listener: () => void): () => void;
  };
  /** Ends every hold-back now (T2) and sends as soon as it can; no waiting rule is shortened by it. */
  sendNow(): Promise<void>;
  kick(reason: KickReason): void;
  /** The teacher's retry of a lane behind a closed gate. */
  retryLane(lane: LaneId): Promise<void>;
  /** True while an attempt is armed: then nothing may take this page away that can wait. */
  isBusy(): boolean;
  /**
   * Starts nothing any more. An attempt that is under way is seen through; the promise resolves when all is quiet
   * and the lock is free. May be called more than once.
   */
  stop(): Promise<void>;
}

/** How long a tab that lost its place waits before it queues for the lock again. */
const afterTenureMs = 1_000;
/** A hidden tab waits for `visibility`; this is only for a page whose browser forgot to say so. */
const hiddenPollMs = 10 * 60_000;

/** Starts the sync core of one account on the given ports. */
export function startSync(deps: SyncDeps): SyncEngine {
  const stopped = new AbortController();
  const rest = createRest(deps.clock);
  const listeners = new Set<() => void>();
  let role: Role = 'off';
  let sender: Sender | undefined;
  let status: SyncStatus | undefined;
  let refreshing = false;
  let queueing: AbortController | undefined;

  const port: TenurePort = {
    dirty: true,
    survey: undefined,
    storageFailed: undefined,
    releaseAt: undefined,
    rest: (ms) => rest.rest(ms),
    publish,
  };

  function current(): SyncStatus {
    return (status ??= derive());
  }

  function derive(): SyncStatus {
    const own = { role, storageFailed: port.storageFailed !== undefined, releaseAt: port.releaseAt };
    return deriveStatus(factsOf(port.survey, sender?.memory, own, deps.clock));
  }

  function publish(): void {
    const next = derive();
    if (JSON.stringify(next) === JSON.stringify(status)) return;
    status = next;
    for (const listener of [...listeners]) listener();
  }

  function take(next: Role): void {
    role = next;
    publish();
  }

  /** A tab that does not send still says how the marks stand. */
  async function refresh(): Promise<void> {
    if (refreshing || sender !== undefined || stopped.signal.aborted) return;
    refreshing = true;
    try {
      const survey: Survey = await deps.store.read(takeSurvey);
      port.survey = survey;
      publish();
    } catch {
      // The store says so itself, to whoever writes next.
    } finally {
      refreshing = false;
    }
  }

  async function live(): Promise<void> {
    while (!isStopped()) {
      if (!deps.visible()) {
        take('hidden');
        await rest.rest(hiddenPollMs);
        continue;
      }
      try {
        queueing = new AbortController();
        const held = await deps.lock.acquire({
          signal: queueing.signal,
          maySteal: deps.visible,
          onWaiting: wait,
        });
        if (held !== undefined) await serve(held);
      } catch (error) {
        deps.report?.(error);
      }
      if (deps.visible() && !isStopped()) await rest.rest(afterTenureMs);
    }
    take('off');
  }

  function isStopped(): boolean {
    return stopped.signal.aborted;
  }

  function wait(): void {
    take('standby');
  }

  async function serve(held: HeldLock): Promise<void> {
    const gone = new AbortController();
    const leave = () => {
      gone.abort();
    };
    // A stop waits for the attempt that is under way: its end is worth more than a quick good-bye.
    const leaveWhenQuiet = () => {
      if (sender?.memory.armed !== true) leave();
    };
    if (held.lost.aborted) leave();
    held.lost.addEventListener('abort', leave, { once: true });
    stopped.signal.addEventListener('abort', leaveWhenQuiet, { once: true });
    held.onPoke(() => {
      kick('marks');
    });
    sender = createSender(deps, { gone: gone.signal, stopping: stopped.signal, changed: publish });
    port.dirty = true;
    take('sender');
    await runTenure(sender, port);
    leave();
    await doneAhead(sender.memory);
    sender = undefined;
    stopped.signal.removeEventListener('abort', leaveWhenQuiet);
    held.release();
  }

  function kick(reason: KickReason): void {
    port.dirty = true;
    if (reason !== 'marks') hurry();
    // A page that nobody looks at stands in nobody's way, not even in the queue.
    if (!deps.visible()) queueing?.abort();
    rest.wake();
    void refresh();
  }

  /** Something speaks for a better way to Canvas: what only backs off tries again at once. */
  function hurry(): void {
    if (sender === undefined) return;
    const { trouble, lanes } = sender.memory;
    if (trouble !== undefined) trouble.probeAtMs = Math.min(trouble.probeAtMs, sender.now());
    for (const work of port.survey?.lanes ?? []) {
      const own = lanes.get(work.lane.id);
      if (own !== undefined && !isTriedHourly(work.lane))
        own.notBeforeMs = Math.min(own.notBeforeMs, sender.now());
    }
  }

  void refresh();
  const life = live();
  return {
    status: {
      get: current,
      subscribe(listener) {
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      },
    },
    kick,
    isBusy: () => sender?.memory.armed === true,
    async sendNow() {
      await releaseHeld(deps.store, { kind: 'all' }, deps.clock.wallMs());
      hurry();
      kick('marks');
      deps.lock.poke();
    },
    async retryLane(lane) {
      await deps.store.write((tx) => retryGate(tx, { lane, at: deps.clock.wallMs() }));
      if (sender !== undefined) {
        const own = laneMemory(sender.memory, lane);
        own.notBeforeMs = 0;
        own.failures = 0;
        // Whoever is signed in may have changed, and with a wrong one nothing may be sent.
        sender.memory.trouble ??= { probeAtMs: sender.now(), failures: 0 };
      }
      kick('signed-in');
      deps.lock.poke();
    },
    async stop() {
      stopped.abort();
      queueing?.abort();
      rest.wake();
      await life;
    },
  };
}
