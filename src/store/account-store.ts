import type { AccountId, MarkId, UserId } from '#domain/ids.ts';
import { systemClock, type Clock } from '#lib/clock.ts';
import { systemRandom, type Random } from '#lib/random.ts';
import { browserChannel } from './browser-channel.ts';
import { createClassroom, type Classroom } from './classroom.ts';
import { createDeviceFacts, type DeviceFacts } from './device-facts.ts';
import { createDexieSyncStore } from './dexie-sync-store.ts';
import { createFiling } from './file-bundles.ts';
import { createMarkActions, type MarkActions } from './mark-actions.ts';
import { createMarkFeed, type FeedChannel, type MarkFeed } from './mark-feed.ts';
import { createMarkWatches, type MarkWatches } from './mark-watches.ts';
import { createOpenMarks } from './open-marks.ts';
import { viewMarks } from './marks-view.ts';
import { openDatabase } from './open-database.ts';
import { createOthersRows, type OthersRows } from './others-rows.ts';
import { StorageError, type SyncStore } from './port.ts';
import { createPrefs, type Prefs } from './prefs.ts';
import { databaseName, type SchemaVersion } from './schema.ts';
import { createStorageGuard, type StorageGuard, type StorageManagerLike } from './storage-guard.ts';
import { toStorageError } from './storage-errors.ts';
import { noteVanished } from './vanished.ts';

/** All that this device keeps for one account: a teacher on one Canvas. */
export interface AccountStore {
  readonly account: AccountId;
  /** For the sync core. */
  readonly sync: SyncStore;
  /** For taps and decisions. */
  readonly marks: MarkActions;
  /** For screens: what became of marks. */
  readonly watch: MarkWatches;
  readonly classroom: Classroom;
  readonly prefs: Prefs;
  /** What other teachers marked, as far as it has been seen. */
  readonly othersRows: OthersRows;
  readonly storage: StorageGuard;
  /**
   * Marks that were counted on this device and then gone with their database (removed by the browser or the
   * user, R4); 0 when none. Stays until `acknowledgeLost`.
   */
  readonly lostMarks: number;
  readonly acknowledgeLost: () => void;
  /** Afterwards every call rejects with StorageError `closed`. Marks stay on the disk. */
  readonly close: () => void;
}

export interface OpenAccountOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly device?: DeviceFacts;
  readonly storageManager?: StorageManagerLike;
  /** How other tabs of this account are told of commits; none in tests without tabs. */
  readonly channel?: FeedChannel;
  readonly versions?: readonly SchemaVersion[];
  /** From how many marks that change together on they are written as one row at first. */
  readonly bundleFrom?: number;
  /**
   * A newer version of the app wants to upgrade this database, or somebody deletes it. Stop the sender here: the
   * database is closed when this returns, and every later call rejects with StorageError `version` or `closed`.
   */
  readonly onMustClose?: (why: 'upgrade' | 'delete') => void;
  /** An older tab keeps the upgrade waiting; it goes on by itself when that tab has closed. */
  readonly onBlocked?: () => void;
}

/**
 * Opens the database of an account, and makes it on the first time.
 * @throws StorageError `version`: a newer app has been here, ask for a reload, nothing was written;
 *   `unavailable`: the browser gives no database (private mode, blocked, damaged); `full`
 */
export async function openAccountStore(
  account: AccountId,
  options: OpenAccountOptions = {},
): Promise<AccountStore> {
  const { clock = systemClock, random = systemRandom } = options;
  const device = options.device ?? createDeviceFacts();
  const life: { refusal?: StorageError } = {};
  const { db, isNew, clockOffsetMs } = await openDatabase(databaseName(account), {
    random,
    ...(options.versions === undefined ? {} : { versions: options.versions }),
    onVersionChange: (why) => {
      options.onMustClose?.(why);
      life.refusal ??= new StorageError(why === 'upgrade' ? 'version' : 'closed');
    },
    onBlocked: () => options.onBlocked?.(),
  });
  if (isNew) noteVanished(device, account);

  const explain = (error: unknown) => life.refusal ?? toStorageError(error, 'work');
  const channel = options.channel ?? browserChannel(account);
  const feed = createMarkFeed(channel, (seqs) => viewMarks(db, (view) => view.getMany(seqs)));
  const filing = createFiling(db);
  const sync = createDexieSyncStore(db, {
    committed: feed.committed,
    bundled: filing.wake,
    ...(options.bundleFrom === undefined ? {} : { bundleFrom: options.bundleFrom }),
    refusal: () => life.refusal,
  });
  const openMarks = createOpenMarks(db, feed, {
    explain,
    unreadable: (names) => void noteUnreadable(sync, names, clock),
  });
  const storage = createStorageGuard(options.storageManager);
  const watch = createMarkWatches({ db, store: sync, feed, openCounts: openMarks.watch, explain });

  const endings = [
    // Kept after each change, so that a database that vanishes is missed.
    openMarks.watch.subscribe(({ waiting, needsTeacher, unreadable }) => {
      device.setUnsent(account, waiting + needsTeacher + unreadable);
    }),
    followReturns(feed),
    filing.stop,
  ];
  // What the life before has left.
  filing.wake(0);

  const offset = { ms: clockOffsetMs };
  endings.push(
    watch.meta().subscribe((meta) => {
      offset.ms = meta?.clockOffsetMs;
    }),
  );

  const marks = createMarkActions({
    store: sync,
    assessor: userOf(account),
    clock,
    random,
    clockOffsetMs: () => offset.ms,
    saved: storage.askToPersist,
  });
  return {
    account,
    sync,
    marks,
    watch,
    classroom: createClassroom(db, explain),
    prefs: createPrefs(db, explain),
    othersRows: createOthersRows(db, explain),
    storage,
    get lostMarks() {
      return device.lost(account);
    },
    acknowledgeLost: () => device.clearLost(account),
    close: () => {
      life.refusal ??= new StorageError('closed');
      for (const end of endings) end();
      openMarks.close();
      feed.close();
      db.close();
    },
  };
}

/** The Canvas user of an account, `<host>/<user id>`. */
function userOf(account: AccountId): UserId {
  return account.slice(account.lastIndexOf('/') + 1) as UserId;
}

/** By id only: what is in the row is nobody's business but the teacher's. */
async function noteUnreadable(store: SyncStore, names: readonly string[], clock: Clock): Promise<void> {
  try {
    await store.write(async (tx) => {
      for (const name of names)
        await tx.log.add({ at: clock.wallMs(), what: 'unreadable', mark: name as MarkId });
    });
  } catch {
    // It is on the screen all the same.
  }
}

/** A page that comes back from the back/forward cache has missed what other tabs said. */
function followReturns(feed: MarkFeed): () => void {
  const page = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>>;
  const returned = (event: Event) => {
    if ('persisted' in event && event.persisted === true) feed.refresh();
  };
  page.addEventListener?.('pageshow', returned);
  return () => page.removeEventListener?.('pageshow', returned);
}
