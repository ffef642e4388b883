import type { CanvasClient } from '#canvas/client.ts';
import type { Neighbours } from '#canvas/neighbours.ts';
import type { AccountStore } from '#store/account-store.ts';
import type { SyncEngine } from '#sync/engine.ts';
import type { SyncStatus } from '#sync/status.ts';
import type { AccountNetwork } from './account-network.ts';
import { afterFirstPaint } from './after-first-paint.ts';
import { subject } from './subject.ts';

/** The screens' client, before its code is there: each call waits for it. */
export function lateClient(client: () => Promise<CanvasClient>): Neighbours {
  return {
    readSelf: async (until) => (await client()).readSelf(until),
    listCourses: async (until) => (await client()).listCourses(until),
    listStudents: async (course, until) => (await client()).listStudents(course, until),
    listSections: async (course, until) => (await client()).listSections(course, until),
    listGroups: async (course, until) => (await client()).listGroups(course, until),
    listGroupMembers: async (group, until) => (await client()).listGroupMembers(group, until),
    listOutcomes: async (course, until) => (await client()).listOutcomes(course, until),
    listAssessments: async (course, until) => (await client()).listAssessments(course, until),
  };
}

/**
 * The sender, before its code is there. Until then it says how many marks wait, which the store knows; when the
 * code cannot be had, that there is no network. It begins with the first kick that finds one.
 */
export function lateEngine(store: AccountStore, load: () => Promise<AccountNetwork>): SyncEngine {
  const quiet: SyncStatus = { kind: 'nothing', waiting: 0, confirmed: 0, needsYou: 0 };
  const status = subject<SyncStatus>(quiet);
  let engine: SyncEngine | undefined;
  let stopped = false;
  let loading: Promise<SyncEngine | undefined> | undefined;

  const endCounts = store.watch.openCounts.subscribe(({ waiting, needsTeacher }) => {
    if (engine !== undefined) return;
    const kind = waiting > 0 ? 'waiting' : needsTeacher > 0 ? 'needs-you' : 'nothing';
    status.set({ ...quiet, kind, waiting, needsYou: needsTeacher });
  });

  function begin(): Promise<SyncEngine | undefined> {
    loading ??= load().then(
      async (network) => {
        endCounts();
        engine = network.engine;
        if (stopped) await engine.stop();
        engine.status.subscribe(() => {
          status.set(network.engine.status.get());
        });
        status.set(engine.status.get());
        return engine;
      },
      () => {
        loading = undefined;
        const { waiting, needsYou } = status.get();
        if (waiting > 0) status.set({ ...quiet, kind: 'no-network', waiting, needsYou });
        return undefined;
      },
    );
    return loading;
  }

  // The first screen comes before the sender: it needs the processor for itself.
  void afterFirstPaint().then(() => (stopped ? undefined : begin()));
  return {
    status,
    isBusy: () => engine?.isBusy() ?? false,
    sendNow: async () => (await begin())?.sendNow(),
    retryLane: async (lane) => (await begin())?.retryLane(lane),
    kick: (reason) => {
      if (stopped) return;
      if (engine !== undefined) engine.kick(reason);
      else if (reason !== 'marks') void begin();
    },
    stop: async () => {
      stopped = true;
      endCounts();
      await engine?.stop();
    },
  };
}
