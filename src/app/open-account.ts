import { NetworkError } from '#canvas/errors.ts';
import type { Account, AccountContextValue } from '#features/account-context.ts';
import { systemClock } from '#lib/clock.ts';
import { openAccountStore } from '#store/account-store.ts';
import type { AccountStore } from '#store/account-store.ts';
import { beginNewLog } from '#store/begin-new-log.ts';
import type { SyncEngine } from '#sync/engine.ts';
import { afterFirstPaint } from './after-first-paint.ts';
import type { Happenings } from './account-keeper.ts';
import type { AccountNetwork } from './account-network.ts';
import { lateClient, lateEngine } from './late-network.ts';
import { askForWakeUps } from './wake-ups.ts';

/** An account as the app holds it: what the screens get, and what ends with it. */
export interface OpenedAccount extends AccountContextValue {
  readonly endKicks: () => void;
}

/**
 * Opens what one account has on this device and starts its sender. Asks the network for nothing.
 * @throws StorageError
 */
export async function openAccount(account: Account, happenings: Happenings): Promise<OpenedAccount> {
  const running: { engine?: SyncEngine } = {};
  const store = await openAccountStore(account.id, {
    onBlocked: happenings.blocked,
    onMustClose: (why) => {
      void running.engine?.stop();
      happenings.taken(why === 'upgrade' ? 'version' : 'closed');
    },
  });
  // What a start reads comes first; hardly anything is written before there is something to tap.
  void afterFirstPaint().then(() => beginNewLog());
  let network: Promise<AccountNetwork> | undefined;
  const begin = async () => {
    const [{ startNetwork }, meta] = await Promise.all([
      import('./account-network.ts').catch((cause: unknown) => {
        throw new NetworkError('the code that speaks to Canvas is not to be had', undefined, cause);
      }),
      store.sync.read((tx) => tx.meta.get()),
    ]);
    return startNetwork(account, store, meta);
  };
  const load = () =>
    (network ??= begin().catch((error: unknown) => {
      network = undefined;
      throw error;
    }));
  const engine = lateEngine(store, load);
  const client = lateClient(async () => (await load()).client);
  running.engine = engine;
  const endings = [kickOnEvents(store, engine), askForWakeUps(store)];
  const endKicks = () => {
    for (const end of endings) end();
  };
  return { account, store, engine, client, endKicks };
}

/** How long another person waits for the attempt of the one before, ms. It is seen through all the same. */
const longestGoodbyeMs = 2_000;

/** Stops the sender, then closes the store it writes to; an attempt under way may end behind the next screen. */
export async function closeAccount({ engine, store, endKicks }: OpenedAccount): Promise<void> {
  endKicks();
  const closed = engine.stop().then(store.close);
  await Promise.race([closed, systemClock.sleep(longestGoodbyeMs)]);
}

/** Wakes the sender when there may be something to do. @returns ends it */
function kickOnEvents(store: AccountStore, engine: SyncEngine): () => void {
  const online = () => {
    engine.kick('online');
  };
  const visibility = () => {
    engine.kick('visibility');
  };
  addEventListener('online', online);
  addEventListener('pageshow', visibility);
  document.addEventListener('visibilitychange', visibility);
  let before = { held: 0, queued: 0, needsTeacher: 0 };
  const endMarks = store.watch.openCounts.subscribe(({ held, queued, needsTeacher }) => {
    const isMore = held > before.held || queued > before.queued;
    // What the sender itself sends and confirms is no news to it.
    if (isMore || needsTeacher !== before.needsTeacher) engine.kick('marks');
    before = { held, queued, needsTeacher };
  });
  return () => {
    removeEventListener('online', online);
    removeEventListener('pageshow', visibility);
    document.removeEventListener('visibilitychange', visibility);
    endMarks();
  };
}
